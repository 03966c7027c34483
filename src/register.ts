/**
 * The preload: `node --import @org/apm/register app.js`, or `--require`. It loads the rest only on a Node that can run it:
 * on others it logs one line, and the app runs without metrics. So this file has no syntax that is newer than Node 14.
 */
import { isSupportedNode, reportUnsupportedNode } from './base/supported-node.ts';

if (!isSupportedNode()) reportUnsupportedNode();
else {
  try {
    require('./preload.js');
  } catch (cause) {
    console.error('[@org/apm] failed to start; the application runs without metrics:', cause);
  }
}
