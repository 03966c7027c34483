import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The URL of the preload, for NODE_OPTIONS of programs that cannot resolve this package by its name. */
export const preloadUrl = (): string => pathToFileURL(join(__dirname, '../register.js')).href;
