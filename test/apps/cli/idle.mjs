// Measured in code, with a metrics server, and serves nothing of its own. It ends with whoever started it.
import { setupApm } from '../../../dist/index.js';

setupApm({ exporters: ['prometheus'], serviceName: 'idle', serviceVersion: '1' });
process.once('disconnect', () => process.exit());
