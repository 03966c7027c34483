import { describe, expect, it } from 'vitest';
import { register } from '../support/app.ts';
import { call } from '../support/call.ts';
import { NODE_VERSIONS, OLDEST_NODE } from '../support/nodes.ts';
import { waitForInFlight, waitForRequests } from '../support/outcome.ts';
import { launchServer, type Service, serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

/** Handlers, by how they fail. */
const FAILURES: Record<string, NonNullable<Service['handler']>> = {
  throws: () => {
    throw new Error('oops');
  },
  'throws after its answer': (_, response) => {
    response.writeHead(200).end('hello');
    throw new Error('oops');
  },
  rejects: async () => {
    throw new Error('oops');
  },
  'throws in a callback': () => {
    setTimeout(() => {
      throw new Error('oops');
    }, 5);
  },
};

it('counts a request whose app has replaced what is read of its response', async () => {
  const app = await serve(OLDEST_NODE, {
    handler: (_, response) => {
      Object.defineProperty(response, 'getHeader', {
        value: () => {
          throw new Error('oops');
        },
      });
      response.end('hello');
    },
  });
  expect(await call(app.url('/'))).toMatchObject({ status: 200 });
  expect(await waitForRequests(app, 1)).toEqual({ 'GET / 200': 1 });
  await waitForInFlight(app, 0);
});

describe.each(NODE_VERSIONS)('when a handler fails, on Node %s:', (version) => {
  it.each(Object.entries(FAILURES))(
    '%s: exits with the same code and output as without the preload',
    async (_, handler) => {
      const ends = async (...preload: string[]) => {
        // Node 22.12 warns about a package that is loaded by `require` of an ES module and lies outside node_modules.
        const app = launchServer(
          version,
          { handler },
          { flags: ['--disable-warning=ExperimentalWarning', ...preload] },
        );
        await app.waitForOutput(/^listening/m);
        await call(app.url('/')).catch(() => {});
        const end = await app.exit;
        const port = new RegExp(`\\b${app.port}\\b`, 'g');
        const own = app.stderr.replace(/^\[@org\/apm\] metrics at .*\n/m, '');
        return { ...end, stdout: app.stdout.replace(port, 'PORT'), stderr: own };
      };
      const measured = await ends('--import', register);
      expect(measured).toMatchObject({ code: 1, signal: null, stdout: 'listening PORT\n' });
      expect(measured).toEqual(await ends());
    },
  );

  it.each(Object.entries(FAILURES))('%s: counts the request once if the app continues', async (failure, handler) => {
    const app = await serve(version, { handler, setUp: () => process.on('uncaughtException', () => {}) });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /fails'));
    if (failure === 'throws after its answer') {
      await wire.waitForData(/200 OK[\s\S]+hello/);
      expect(await waitForRequests(app, 1)).toEqual({ 'GET /fails 200': 1 });
    } else {
      await waitForInFlight(app, 1);
      wire.close();
      expect(await waitForRequests(app, 1)).toEqual({ 'GET unmatched 499': 1 });
    }
  });
});
