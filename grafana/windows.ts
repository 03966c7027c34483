/** The time that a query covers: its length, and its position. */
export interface TimeWindow {
  readonly fn: 'rate' | 'increase';
  readonly range: string;
  /** PromQL's `offset` and `@` modifiers, written behind the range. */
  readonly at: string;
}

/** For a point of a graph and for current figures: the shortest window that the scrape interval allows. */
export const NOW: TimeWindow = { fn: 'rate', range: '$__rate_interval', at: '' };

/** The whole time range of the dashboard. */
export const RANGE: TimeWindow = { fn: 'increase', range: '$__range', at: '' };

/** The same window, $compare earlier. */
export const earlier = (window: TimeWindow): TimeWindow => ({ ...window, at: ' offset $compare' });

/**
 * The minute before $deploy belongs to neither side: a new version becomes visible up to a minute after it started, and
 * requests in that minute may belong to it.
 */
const SWITCH_SECONDS = 60;
export const BEFORE: TimeWindow = { fn: 'increase', range: '$window', at: ` @ $deploy offset ${SWITCH_SECONDS}s` };
export const AFTER: TimeWindow = { fn: 'increase', range: '$window', at: ' @ $deploy offset -$window' };
