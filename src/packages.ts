/** Packages that outputs.ts imports. Each name is a literal, because bundlers do not find a computed one. */
export const PACKAGES: readonly (() => unknown)[] = [
  () => require('@opentelemetry/api'),
  () => require('@opentelemetry/core'),
  () => require('@opentelemetry/resources'),
  () => require('@opentelemetry/sdk-metrics'),
];
