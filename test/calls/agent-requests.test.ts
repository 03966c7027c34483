import { Agent, type ClientRequest, request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { type AgentOptions, watchAgents } from '../../src/calls/agent-requests.ts';

type AddRequest = (this: Agent, request: ClientRequest, options: AgentOptions) => void;
const prototype = Agent.prototype as unknown as { addRequest: AddRequest };

/** Never connects. */
class Unconnected extends Agent {
  createSocket(): void {}
}

function makeRequest(host: string, port?: number): ClientRequest {
  return request({ host, port, agent: new Unconnected() });
}

/** @returns what was seen, and the end of the watch */
function watch() {
  const seen: [ClientRequest, string | undefined, unknown][] = [];
  const stop = watchAgents((call, { host, port }) => seen.push([call, host, port]));
  return { seen, stop };
}

it('sees each request at once, with the host and port that it calls', () => {
  const { seen, stop } = watch();
  onTestFinished(stop);
  const [first, second] = [makeRequest('shop.example', 3000), makeRequest('::1')];
  expect(seen).toEqual([
    [first, 'shop.example', 3000],
    [second, '::1', 80],
  ]);
});

it('leaves no trace when it stops', () => {
  const original = prototype.addRequest;
  const { seen, stop } = watch();
  expect(prototype.addRequest).not.toBe(original);
  stop();
  expect(prototype.addRequest).toBe(original);
  makeRequest('shop.example');
  expect(seen).toEqual([]);
});

it('keeps what another tool has wrapped around it since, and is silent then', () => {
  const original = prototype.addRequest;
  onTestFinished(() => {
    prototype.addRequest = original;
  });
  const { seen, stop } = watch();
  const ours = prototype.addRequest;
  let others = 0;
  const theirs: AddRequest = function (call, options) {
    others++;
    ours.call(this, call, options);
  };
  prototype.addRequest = theirs;
  makeRequest('shop.example');
  expect([others, seen.length]).toEqual([1, 1]);
  stop();
  expect(prototype.addRequest).toBe(theirs);
  makeRequest('shop.example');
  expect([others, seen.length]).toEqual([2, 1]);
});
