import type { QuantileResult, Verdict } from '../model.ts';
import { holm } from './holm.ts';
import type { Place } from './quantile.ts';
import type { Difference } from './t-tests.ts';

/** What is known of one percentile before all of them are corrected together. */
export interface Judged {
  readonly q: number;
  readonly before: Place | undefined;
  readonly after: Place | undefined;
  /** Why there is no verdict; undefined where `difference` is to be judged. */
  readonly without: Verdict | undefined;
  readonly difference: Difference | undefined;
}

/** Corrects all that can be judged together, and says of each what it is. */
export function corrected(all: readonly (readonly Judged[])[], confidence: number): QuantileResult[][] {
  // Two percentiles in one bucket are looked at too: which ones leave it may be chance, and that is to be corrected.
  const looked = all.flat().filter(({ without }) => without === undefined || without === 'below resolution');
  const ps = holm(looked.map(({ without, difference }) => (without === undefined ? (difference?.p ?? 1) : 1)));
  const pOf = new Map(looked.map((one, i) => [one, one.without === undefined ? ps[i] : undefined]));
  return all.map((group) =>
    group.map((one) => {
      const { q, before, after, without, difference } = one;
      const p = pOf.get(one);
      const [was, is] = [before?.seconds, after?.seconds];
      const isKnown = was !== undefined && is !== undefined && Number.isFinite(was + is) && was > 0;
      const isSaid = isKnown && without !== 'below resolution' && without !== 'too few requests';
      const change = (log: number | undefined) => (log === undefined || !isSaid ? undefined : Math.expm1(log));
      return {
        q,
        before: before?.seconds,
        after: after?.seconds,
        change: change(difference?.estimate ?? (isKnown ? Math.log(is / was) : undefined)),
        low: change(difference?.low),
        high: change(difference?.high),
        p,
        verdict:
          without ?? verdict(difference as Difference, p as number, confidence, Math.sign(Number(is) - Number(was))),
      };
    }),
  );
}

/** @param shown  the sign of the difference of all requests together; where that goes the other way, nothing is claimed */
function verdict({ estimate, agreed }: Difference, p: number, confidence: number, shown: number): Verdict {
  if (!agreed || p > 1 - confidence || Math.sign(estimate) !== shown) return 'no evidence';
  return estimate < 0 ? 'faster' : 'slower';
}
