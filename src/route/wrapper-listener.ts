/**
 * Whether a listener, by its source text, only hands requests on to the one there was before it. That is what socket.io
 * and tracers put in its place; no code of the app's is in it.
 */
export const isWrapperListener = (listener: string): boolean =>
  (/\.(handleRequest|extractFilename)\(/.test(listener) && /\]\.call\(/.test(listener)) ||
  (listener.length < 300 && /return [\w$]+\.apply\(this, ?arguments\);?\s*\}$/.test(listener));
