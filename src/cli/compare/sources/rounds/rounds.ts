import type { Block, Side } from '../../../../statistics/model.ts';
import { InputError } from '../../../input-error.ts';
import { SharedBounds } from '../history.ts';
import { roundOrders } from './round-order.ts';
import { type RunOptions, runSide, type SideName } from './side-run.ts';

/**
 * @property rounds      each round runs both sides once
 * @property random      0 to below 1, for the order in each round; Math.random by default
 * @property validate    gets the first round of each side; may throw an InputError
 * @property onProgress  gets a line for each run
 */
export interface RoundsOptions extends RunOptions {
  readonly rounds: number;
  readonly random?: () => number;
  validate?(side: Side): void;
  onProgress?(line: string): void;
}

/**
 * Runs two builds under the same load: both in each round, in random order (see `roundOrders`). Block i of a side is
 * round i. Every run starts a new service and stops it before the next run.
 *
 * Whatever happens, no process that was started is left.
 * @throws InputError where a service exits or a load fails; the reason of the signal where it was aborted
 */
export async function runRounds(options: RoundsOptions): Promise<[a: Side, b: Side]> {
  const { rounds, signal } = options;
  if (process.platform === 'win32')
    throw new InputError('--rounds needs process groups, which Windows does not have; run it in WSL');
  const [boundsOfA, boundsOfB] = SharedBounds.pair();
  const bounds: Record<SideName, SharedBounds> = { a: boundsOfA, b: boundsOfB };
  const blocks: Record<SideName, Block[]> = { a: [], b: [] };
  for (const [i, order] of roundOrders(rounds, options.random).entries()) {
    const round = i + 1;
    for (const name of order === 'ab' ? (['a', 'b'] as const) : (['b', 'a'] as const)) {
      signal?.throwIfAborted();
      const block = await runSide(options, name, round, bounds[name]);
      if (round === 1) options.validate?.({ name, bounds: bounds[name].seconds, blocks: [block] });
      blocks[name].push(block);
      const requests = [...block.endpoints.values()].reduce((sum, totals) => sum + totals.requests, 0);
      const seconds = (block.to - block.from).toFixed(1);
      options.onProgress?.(`round ${round} of ${rounds}, ${name}: ${requests} requests in ${seconds} s`);
    }
  }
  return [
    { name: 'a', bounds: bounds.a.seconds, blocks: blocks.a },
    { name: 'b', bounds: bounds.b.seconds, blocks: blocks.b },
  ];
}
