/**
 * The payment provider as a process of its own, for a shop that was started without one. It is not measured, because it is
 * not part of the shop, and it ends when the shop ends.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startPayments } from './payments.mjs';

const file = fileURLToPath(import.meta.url);

/** @returns its URL */
export async function startPaymentsProcess() {
  const { NODE_OPTIONS: _preload, ...env } = process.env;
  const child = fork(file, { execArgv: [], env });
  const [url] = await once(child, 'message');
  child.unref();
  child.channel.unref();
  return url;
}

if (process.argv[1] === file) {
  process.once('disconnect', () => process.exit());
  const { url } = await startPayments();
  process.send(url);
}
