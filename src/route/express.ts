import type { RouteAdapter } from './adapter.ts';

// Placeholder until the adapter lands; being written.
export const express: RouteAdapter = { name: 'Express', recognise: () => false };
