import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { record } from '../../../src/cli/snapshot/record.ts';
import { buildSnapshot } from '../compare/snapshot-files.ts';

it('names the snapshots in the order in which it saves them, even where the clock is set back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-record-'));
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(buildSnapshot({}, { time: 1000 })));
  }).listen(0);
  onTestFinished(async () => {
    vi.useRealTimers();
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T07:05:09Z') });
  const names: string[] = [];
  await record({
    source: { url: `http://localhost:${(server.address() as AddressInfo).port}/snapshot`, kind: 'json' },
    token: undefined,
    intervalSeconds: 0.05,
    durationSeconds: 0.2,
    folder,
    signal: new AbortController().signal,
    onProgress(line) {
      names.push(basename(line));
      vi.setSystemTime(new Date('2026-11-23T06:00:00Z'));
    },
  });
  expect(names).toHaveLength(5);
  expect(names).toEqual(names.toSorted());
  expect(names.every((name) => name.startsWith('2026-11-23T07-05-09'))).toBe(true);
});
