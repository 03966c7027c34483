import type { Estimate } from '../model/estimate.ts';
import { describeEstimate, formatEstimate } from '../text/format.ts';
import { words } from '../text/words.ts';
import type { Cell } from './table.ts';

export const estimateCell = (estimate: Estimate): Cell => ({
  text: formatEstimate(estimate),
  tooltip: describeEstimate(estimate),
  note: estimate.kind !== 'few' && estimate.small ? words.smallSample : '',
  className: estimate.kind === 'few' ? 'quiet' : '',
});
