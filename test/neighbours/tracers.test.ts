import { describe, expect, it } from 'vitest';
import { type App, register, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { datadogCalls, startCalledService, startTraceReceiver } from './services.ts';
import { installTool, TOOLS, type Tool } from './tools.ts';

const CALLERS = ['http.request', 'http.get', 'https.request', 'https.get', 'fetch'];

/** What another tool sends and records for one call by each caller. */
interface Traces {
  /** How often each header was sent, by caller. */
  readonly headers: Record<string, Record<string, number>>;
  /** The callers that have a client span, in alphabetical order. */
  readonly spans: string[];
}

interface Run {
  readonly kind: 'cjs' | 'esm';
  /** Node's flags, without those of the tool. */
  readonly ours: readonly string[];
  /** Whether our flags come before those of the tool. */
  readonly isFirst?: boolean;
  /** Whether the app itself starts the tool, when it serves already. */
  readonly isLate?: boolean;
  /** Whether we push too. One more call by fetch then follows after two pushes. */
  readonly isPushing?: boolean;
}

async function run(tool: Tool, how: Run): Promise<Traces & { app: App; hosts: string[] }> {
  const { kind, ours, isFirst = false, isLate = false, isPushing = false } = how;
  const [{ program, env }, service, receiver] = await Promise.all([
    installTool(tool, kind),
    startCalledService(),
    startTraceReceiver(),
  ]);
  const theirs = isLate ? [] : [kind === 'cjs' ? '--require' : (tool.esm ?? '--import'), program];
  const app = await startApp(`test/apps/neighbours/app.${kind === 'cjs' ? 'cjs' : 'mjs'}`, {
    flags: isFirst ? [...ours, ...theirs] : [...theirs, ...ours],
    env: {
      ...env,
      ...service.env,
      TRACER: program,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      DSN: receiver.dsn,
      ...(isPushing && {
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
        OTEL_METRIC_EXPORT_TIMEOUT: '100',
      }),
      NODE_NO_WARNINGS: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    },
  });
  const ask = async (path: string) => expect(await (await fetch(app.url(path))).text()).toBe('done');
  if (isLate) await ask('/start');
  for (const caller of CALLERS) await ask(`/call?how=${caller}`);
  if (isPushing) {
    // Named after the app's package.json, unlike the pushes of the tool.
    const ourPushes = () => receiver.pushes.filter((body) => body.includes('"neighbours"')).length;
    await until(ourPushes, (count) => count >= 2);
    await ask('/call?how=fetch');
  }
  const spans = () => [...receiver.spans, ...datadogCalls(app.stdout)];
  // Every tool traces fetch, and exports spans in the order in which they end.
  const wanted = isPushing ? 2 : 1;
  await until(spans, (all) => all.filter((caller) => caller === 'fetch').length >= wanted);
  return { headers: service.headers, spans: spans().sort(), app, hosts: service.hosts };
}

const OURS = ['--import', register];

/** The number of calls to the called service that we have measured: over HTTP, and over HTTPS. */
async function readCalls(app: App, hosts: readonly string[]): Promise<(number | undefined)[]> {
  const found = samples(await app.scrape());
  return hosts.map((host) => found[`http_client_duration_count{host="${host}",method="GET",status_code="200"}`]);
}

/** By each caller one. */
const MEASURED = [3, 2];

describe.each(Object.entries(TOOLS))('beside %s', (_, tool) => {
  it.each<Run>([
    { kind: 'cjs', ours: ['--require', new URL(register).pathname], isFirst: true },
    { kind: 'esm', ours: OURS },
  ])('its headers and client spans are those without us, and we measure each call: $kind, $ours.0', async (how) => {
    const [without, { app, hosts, ...beside }] = await Promise.all([run(tool, { ...how, ours: [] }), run(tool, how)]);
    expect(beside).toEqual({ headers: without.headers, spans: without.spans });
    expect(Object.values(beside.headers.fetch ?? {})).toContain(1);
    expect(await readCalls(app, hosts)).toEqual(MEASURED);
  });
});

describe.each(['an OpenTelemetry SDK that another package wraps', 'Sentry 10', 'Sentry 11', 'dd-trace'])(
  'beside %s',
  (name) => {
    it('that starts when we measure already, its headers and client spans are those without us, and we measure each call', async () => {
      const tool = TOOLS[name] as Tool;
      const how: Run = { kind: 'cjs', ours: OURS, isLate: true };
      const [without, { app, hosts, ...beside }] = await Promise.all([run(tool, { ...how, ours: [] }), run(tool, how)]);
      expect(beside).toEqual({ headers: without.headers, spans: without.spans });
      expect(await readCalls(app, hosts)).toEqual(MEASURED);
    });
  },
);

it('our pushes have no spans in an OpenTelemetry SDK', async () => {
  const tool = TOOLS['an OpenTelemetry SDK that an operator injects'] as Tool;
  const { spans } = await run(tool, { kind: 'cjs', ours: OURS, isPushing: true });
  expect(spans).toEqual([...CALLERS, 'fetch'].sort());
});
