// Calls setupApm() with a metrics server, and has no other server. Exits with its parent process.
import { setupApm } from '../../../dist/index.js';

setupApm({ exporters: ['prometheus'], serviceName: 'idle', serviceVersion: '1' });
process.once('disconnect', () => process.exit());
