import { tracingChannel } from 'node:diagnostics_channel';
import { expect, it, onTestFinished } from 'vitest';
import { pgChannels } from '../../../src/calls/databases/pg-channels.ts';

const queries = tracingChannel('pg:query');

it('sees the queries of a pg that publishes them', async () => {
  const calls: object[] = [];
  const sink = {
    started() {},
    ended: ({ target, error }: { target: object; error: string | undefined }) => void calls.push({ ...target, error }),
  };
  onTestFinished(pgChannels.watch({ sink, isIgnored: () => false, withDetails: false }));
  const client = { database: 'shop', host: 'localhost', port: 5433, user: 'apm', processID: 7, ssl: false };
  const failure = Object.assign(new Error('relation "secret" does not exist'), { code: '42P01' });
  await queries.tracePromise(() => Promise.resolve([]), { query: { text: 'SELECT 1', name: undefined }, client });
  await queries
    .tracePromise(() => Promise.reject(failure), { query: { text: 'insert into secret values (1)' }, client })
    .catch(() => {});
  await queries.tracePromise(() => Promise.resolve([]), { query: { text: undefined }, client: {} });
  const common = { kind: 'database', system: 'postgresql', host: 'localhost:5433', details: undefined };
  expect(calls).toEqual([
    { ...common, operation: 'SELECT', error: undefined },
    { ...common, operation: 'INSERT', error: '42P01' },
    { ...common, host: 'other', operation: 'other', error: undefined },
  ]);
});
