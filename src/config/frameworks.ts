import type { Parser } from './parsers.ts';

/** The frameworks whose routes can be read. */
export const FRAMEWORKS = [
  'express',
  'fastify',
  'koa',
  'hapi',
  'hono',
  'h3',
  'next',
  'restify',
  'polka',
  'connect',
] as const;
export type FrameworkName = (typeof FRAMEWORKS)[number];

/** The value of `APM_FRAMEWORKS`. `all` and `none` stand alone. */
export type FrameworkChoice = readonly (FrameworkName | 'all' | 'none')[];

export const parseFrameworks: Parser<FrameworkChoice> = (text) => {
  const given = text
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known: readonly string[] = given.length === 1 ? ['all', 'none', ...FRAMEWORKS] : FRAMEWORKS;
  return given.length > 0 && given.every((name) => known.includes(name))
    ? (given as unknown as FrameworkChoice)
    : undefined;
};

export const isEnabled = (framework: FrameworkName, choice: FrameworkChoice): boolean =>
  choice.includes('all') || choice.includes(framework);

/**
 * The choice of the environment, for the preload: a Fastify instance may be created before the configuration is loaded. A
 * bad value is reported when the configuration is loaded.
 */
export const frameworksIn = ({ APM_FRAMEWORKS = '' }: NodeJS.ProcessEnv): FrameworkChoice =>
  parseFrameworks(APM_FRAMEWORKS.trim()) ?? ['all'];
