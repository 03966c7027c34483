import { defineConfig } from '@adonisjs/core/http';
export const appKey = 'a-key-of-at-least-sixteen-characters';
export const http = defineConfig({});
