/** When a query looks: the stretch of time it counts over, and where that stretch lies. */
export interface TimeWindow {
  readonly fn: 'rate' | 'increase';
  readonly range: string;
  /** What is written behind the range: PromQL's `offset` and `@`. */
  readonly at: string;
}

/** A point of a graph, and the newest figure: as short as the scrape interval lets it be. */
export const NOW: TimeWindow = { fn: 'rate', range: '$__rate_interval', at: '' };

/** All of the dashboard's time range. */
export const RANGE: TimeWindow = { fn: 'increase', range: '$__range', at: '' };

/** The same stretch, but $compare earlier. */
export const earlier = (window: TimeWindow): TimeWindow => ({ ...window, at: ' offset $compare' });

/**
 * Seconds around $deploy that neither side has: the new version is first seen up to a minute after it began, and what is
 * counted meanwhile is no longer the old one.
 */
const SWITCH_SECONDS = 60;
export const BEFORE: TimeWindow = { fn: 'increase', range: '$window', at: ` @ $deploy offset ${SWITCH_SECONDS}s` };
export const AFTER: TimeWindow = { fn: 'increase', range: '$window', at: ' @ $deploy offset -$window' };
