/** The path of a request target in origin form (`/a?b`) or absolute form (`http://host/a?b`). */
export function requestPath(url: string): string {
  const origin = url.charCodeAt(0) === 47 ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = origin.indexOf('?');
  return (end < 0 ? origin : origin.slice(0, end)) || '/';
}
