import { setupApm } from '@org/apm';

setupApm({ port: 0 });
await import('./app.cjs');
