// Measured by setupApm() with a metrics server; has no server of its own. Exits with its parent.
import { setupApm } from '../../../dist/index.js';

setupApm({ exporters: ['prometheus'], serviceName: 'idle', serviceVersion: '1' });
process.once('disconnect', () => process.exit());
