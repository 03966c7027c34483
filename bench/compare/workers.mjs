// Runs jobs on all cores, in pieces.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { countRuns } from './jobs.mjs';

if (!isMainThread) parentPort.on('message', (piece) => parentPort.postMessage(countRuns(piece)));

const PIECE_RUNS = 10;

/** @returns the sums of the counts of each job */
export async function runJobs(jobs) {
  const pieces = jobs.flatMap((job, index) =>
    Array.from({ length: Math.ceil(job.runs / PIECE_RUNS) }, (_, i) => ({
      ...job,
      index,
      first: index * 1_000_000 + i * PIECE_RUNS,
      runs: Math.min(PIECE_RUNS, job.runs - i * PIECE_RUNS),
    })),
  );
  const sums = jobs.map(() => ({}));
  const total = pieces.length;
  const runWorker = async () => {
    const worker = new Worker(new URL(import.meta.url));
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
      worker.postMessage(piece);
      const [counts] = await once(worker, 'message');
      const own = sums[piece.index];
      for (const [key, count] of Object.entries(counts)) own[key] = (own[key] ?? 0) + count;
      if (process.stderr.isTTY) process.stderr.write(`\r${total - pieces.length} of ${total} `);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runWorker));
  return sums;
}
