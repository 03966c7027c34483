import { Module } from 'node:module';

type Load = (name: string, parent: undefined, isMain: false) => unknown;
const { _load: load } = Module as unknown as { _load: Load };

/**
 * Loads one of Node's own modules that tracing tools patch. Their hooks on `require` patch it when it is required first. In
 * an app of ES modules that may be never, and a `require` of ours would change what such a tool does.
 */
export const loadBuiltin = <T>(name: `node:${string}`): T => load(name, undefined, false) as T;
