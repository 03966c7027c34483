import { distinct, list } from './lists.ts';
import { oneOf } from './parsers.ts';

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
  'feathers',
  'trpc',
  'react-router',
  'remix',
  'sveltekit',
  'astro',
] as const;
export type FrameworkName = (typeof FRAMEWORKS)[number];

/** The value of `APM_FRAMEWORKS`. `all` and `none` stand alone. */
export type FrameworkChoice = readonly (FrameworkName | 'all' | 'none')[];

export const frameworks = list(oneOf('all', 'none', ...FRAMEWORKS), (names): FrameworkChoice => distinct(names), {
  alone: ['all', 'none'],
});

export const isEnabled = (framework: FrameworkName, choice: FrameworkChoice): boolean =>
  choice.includes('all') || choice.includes(framework);

/**
 * The choice of the environment, for the preload: a Fastify instance may be created before the configuration is loaded. A
 * bad value is reported when the configuration is loaded.
 */
export const frameworksIn = ({ APM_FRAMEWORKS = '' }: NodeJS.ProcessEnv): FrameworkChoice =>
  frameworks(APM_FRAMEWORKS) ?? ['all'];
