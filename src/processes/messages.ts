import type { RequestLabels } from '../metrics/kinds.ts';
import type { Vitals } from '../metrics/vitals.ts';
import type { Part } from './wire-format.ts';

/**
 * What a follower sends after the handshake.
 * - `increments`: some of what it counted since the last `commit`.
 * - `commit`: the increments since the last `commit` belong together. The leader adds all of them now, under this number.
 *   `isEarlier`: they were counted under an earlier leader, and not just now.
 * - `state`: some of its gauges and up-down counters.
 * - `collected`: everything new up to this `collect` was sent.
 * - `vitals`: how the process is doing, for the live page.
 * - `scrape`: asks for the scrape, because this follower was asked for it; `scraper`: by whom.
 */
export type FollowerMessage =
  | { readonly type: 'increments'; readonly part: Part }
  | { readonly type: 'commit'; readonly number: number; readonly isEarlier: boolean }
  | { readonly type: 'state'; readonly part: Part }
  | { readonly type: 'collected'; readonly collection: number }
  | { readonly type: 'vitals'; readonly vitals: Vitals }
  | { readonly type: 'scrape'; readonly scrape: number; readonly scraper?: string | undefined };

/**
 * What the leader sends after the handshake.
 * - `collect`: asks for everything new.
 * - `acknowledged`: the follower need not keep commits up to this number. A scrape has shown them, or this leader passes
 *   them on to the next one. `except`: requests that the scrape has shown as 0.
 * - `backlog`: some of what no scrape has shown, of a leader that is about to exit. The follower passes it on to the next
 *   leader. `backlogEnd`: that was all.
 * - `scrapePiece`, `scrapeEnd`, `scrapeFailed`: the answer to `scrape`.
 */
export type LeaderMessage =
  | { readonly type: 'collect'; readonly collection: number }
  | { readonly type: 'acknowledged'; readonly upTo: number; readonly except?: readonly RequestLabels[] }
  | { readonly type: 'backlog'; readonly part: Part }
  | { readonly type: 'backlogEnd' }
  | { readonly type: 'scrapePiece'; readonly scrape: number; readonly text: string }
  | { readonly type: 'scrapeEnd'; readonly scrape: number }
  | { readonly type: 'scrapeFailed'; readonly scrape: number };

/** The default of a switch over all types of messages: the compiler rejects the call where a type is missing. */
export function rejectMessage(_message: never): never {
  throw new Error('unknown type of message');
}
