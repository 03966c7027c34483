/**
 * A budget burns when more is spent than its target allows. Two windows together: the long one says that it matters, the
 * short one that it still goes on.
 * @see https://sre.google/workbook/alerting-on-slos/ "Multiwindow, Multi-Burn-Rate Alerts", for a budget of 30 days
 */
export interface Burn {
  readonly long: string;
  /** Of the long window. */
  readonly seconds: number;
  readonly short: string;
  /** How many times faster than what would last exactly 30 days. */
  readonly factor: number;
  readonly severity: 'page' | 'ticket';
  /** What is left of the 30 days' budget if nothing is done, for people. */
  readonly meaning: string;
}

const HOUR = 3600;

export const BURNS: readonly Burn[] = [
  { long: '1h', seconds: HOUR, short: '5m', factor: 14.4, severity: 'page', meaning: 'is gone in 2 days or sooner' },
  { long: '6h', seconds: 6 * HOUR, short: '30m', factor: 6, severity: 'page', meaning: 'is gone in 5 days or sooner' },
  {
    long: '1d',
    seconds: 24 * HOUR,
    short: '2h',
    factor: 3,
    severity: 'ticket',
    meaning: 'is gone in 10 days or sooner',
  },
  { long: '3d', seconds: 72 * HOUR, short: '6h', factor: 1, severity: 'ticket', meaning: 'does not last for 30 days' },
];
