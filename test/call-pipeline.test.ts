import { describe, expect, it } from 'vitest';
import { createCallPipeline } from '../src/call-pipeline.ts';
import { CallRecord, type CallTarget } from '../src/calls/call-record.ts';
import { Context } from '../src/context/context.ts';
import { createProcessSeries } from '../src/metrics/process-series.ts';
import { RequestRecord } from '../src/requests/request-record.ts';

const shop: CallTarget = { kind: 'http', system: 'http', host: 'shop:1', operation: 'GET', details: undefined };
const postgres: CallTarget = {
  kind: 'database',
  system: 'postgresql',
  host: 'db',
  operation: 'SELECT',
  details: undefined,
};

function create(context?: Context) {
  const series = createProcessSeries({ buckets: [1], maxPaths: 10, knownMethods: ['GET'] });
  const sink = createCallPipeline(series, context);
  const read = (kind: 'calls' | 'databaseCalls') =>
    series.all.tables[kind].series.map(({ labels, count }) => ({ ...labels, count }));
  const call = (target: CallTarget, status?: number, error?: string) =>
    new CallRecord(target, sink).end(sink, status, error);
  return { sink, call, read };
}

const arriving = (path: string) => new RequestRecord({ rawHeaders: [] } as never, {}, 'GET', path);

describe('an outgoing call', () => {
  it('is counted by host, method and status, one of a database by system, host and operation', () => {
    const { call, read } = create();
    call(shop, 200);
    call(shop, 200);
    call(shop, 503);
    call(shop, undefined, 'ECONNRESET');
    call({ ...shop, operation: 'BREW' }, 200);
    call(postgres);
    call(postgres, undefined, '23505');
    const http = { host: 'shop:1', method: 'GET', details: undefined };
    expect(read('calls')).toEqual([
      { ...http, status: 200, count: 2 },
      { ...http, status: 503, count: 1 },
      { ...http, status: undefined, count: 1 },
      { ...http, method: '_OTHER', status: 200, count: 1 },
    ]);
    expect(read('databaseCalls')).toEqual([
      { system: 'postgresql', host: 'db', operation: 'SELECT', details: undefined, count: 2 },
    ]);
  });

  it('has its error and protocol among the details, where there are details', () => {
    const { sink, call, read } = create();
    const detailed = { ...shop, details: '{"url.scheme":"http"}' };
    call(detailed, 200);
    call(detailed, undefined, 'ECONNRESET');
    const record = new CallRecord(detailed, sink);
    record.protocol = '1.1';
    record.end(sink, 200);
    call({ ...postgres, details: '{"server.port":5432}' }, undefined, '23505');
    expect([...read('calls'), ...read('databaseCalls')].map(({ details }) => details)).toEqual([
      '{"url.scheme":"http"}',
      '{"error.type":"ECONNRESET","url.scheme":"http"}',
      '{"network.protocol.version":"1.1","url.scheme":"http"}',
      '{"error.type":"23505","server.port":5432}',
    ]);
  });

  it('is counted by each instance that measures, though sources keep their targets', () => {
    const [first, second] = [create(), create()];
    first.call(shop, 200);
    second.call(shop, 200);
    first.call(shop, 200);
    expect([first.read('calls')[0]?.count, second.read('calls')[0]?.count]).toEqual([2, 1]);
  });
});

describe('the time of a request', () => {
  it('has the calls that the request made until its end, and no others', () => {
    const context = new Context();
    const { sink, call } = create(context);
    const request = arriving('/');
    call(shop, 200);
    const entered = context.enter(request);
    const first = new CallRecord(shop, sink);
    const second = new CallRecord(postgres, sink);
    first.end(sink, 200);
    entered?.end(request.start, performance.now() - request.start);
    second.end(sink);
    call({ ...shop, host: 'late' }, 200);
    expect(Array.from(entered?.calls ?? [], ({ on }) => on)).toEqual(['shop:1', 'postgresql db']);
    context.leave();
    expect(context.current).toBe(undefined);
    context.stop();
  });

  it('is told apart from that of code, where a service is named so', () => {
    const context = new Context();
    const { call } = create(context);
    const entered = context.enter(arriving('/'));
    for (const host of ['code', 'unseen', 'code:1']) call({ ...shop, host }, 200);
    expect(Array.from(entered?.calls ?? [], ({ on }) => on)).toEqual(['http code', 'http unseen', 'code:1']);
    context.leave();
    context.stop();
  });

  it('is spent on the server that only the answer tells', () => {
    const context = new Context();
    const { sink, read } = create(context);
    const request = arriving('/pay');
    const entered = context.enter(request);
    const record = new CallRecord({ ...postgres, host: 'other' }, sink);
    record.target = postgres;
    record.end(sink);
    entered?.end(request.start, 1);
    expect(Array.from(entered?.calls ?? [], ({ on }) => on)).toEqual(['postgresql db']);
    expect(read('databaseCalls').map(({ host }) => host)).toEqual(['db']);
  });
});
