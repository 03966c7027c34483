import type { Comparison } from '../../../statistics/model.ts';
import { formatShare } from './format.ts';

/** How a comparison was made, for `--explain`: one paragraph for each subject. */
export function explain({ method, confidence }: Comparison): string[] {
  return [`Method. ${method} ${formatShare(confidence)}`];
}
