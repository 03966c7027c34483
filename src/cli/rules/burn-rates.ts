/**
 * One burn rate of an error budget, checked in two windows: the long one shows that it matters, the short one that it
 * still goes on.
 * @property longSeconds  the length of the long window
 * @property factor       the speed; 1 spends the budget in exactly 30 days
 * @property outlook      completes "the 30-day budget ..."
 * @see https://sre.google/workbook/alerting-on-slos/ "Multiwindow, Multi-Burn-Rate Alerts", for a budget of 30 days
 */
export interface BurnRate {
  readonly longWindow: string;
  readonly longSeconds: number;
  readonly shortWindow: string;
  readonly factor: number;
  readonly severity: 'page' | 'ticket';
  readonly outlook: string;
}

const HOUR_SECONDS = 3600;

export const BURN_RATES: readonly BurnRate[] = [
  {
    longWindow: '1h',
    longSeconds: HOUR_SECONDS,
    shortWindow: '5m',
    factor: 14.4,
    severity: 'page',
    outlook: 'lasts 2 days or less',
  },
  {
    longWindow: '6h',
    longSeconds: 6 * HOUR_SECONDS,
    shortWindow: '30m',
    factor: 6,
    severity: 'page',
    outlook: 'lasts 5 days or less',
  },
  {
    longWindow: '1d',
    longSeconds: 24 * HOUR_SECONDS,
    shortWindow: '2h',
    factor: 3,
    severity: 'ticket',
    outlook: 'lasts 10 days or less',
  },
  {
    longWindow: '3d',
    longSeconds: 72 * HOUR_SECONDS,
    shortWindow: '6h',
    factor: 1,
    severity: 'ticket',
    outlook: 'lasts less than 30 days',
  },
];
