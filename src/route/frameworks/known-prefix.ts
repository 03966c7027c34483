import type { AnyServer } from '../../requests/request-record.ts';
import { ownValue } from '../own-property.ts';
import { isMount } from './connect.ts';
import { middieMountsOf } from './fastify/middie.ts';
import { isPolka } from './polka/index.ts';

/**
 * Other code removes the start of a path before a framework gets the request. A client chooses that text, so it only gets
 * into a label where the app has it too.
 */

/** Words that are kept of the listeners of one server. */
const MAX_WORDS = 2000;

/** What the listeners of a server have in their source, behind a slash or a quote. */
const words = new WeakMap<AnyServer, ReadonlySet<string>>();

/**
 * Whether each word of a removed text is the app's own. The text is in lower case.
 * @param request of Node
 */
export function wordsOf(removed: string, request: object, server: AnyServer): { has(word: string): boolean } {
  return isOuterMount(removed, request, server) ? EVERY_WORD : listenerWordsOf(server);
}

const EVERY_WORD = { has: () => true };

/** Polka removes nothing but the paths of its mounts, and does not show these. */
function isOuterMount(path: string, request: object, server: AnyServer): boolean {
  return isPolka(request) || isMount(path, server) || middieMountsOf(server).includes(path);
}

function listenerWordsOf(server: AnyServer & { listeners?(event: string): unknown[] }): ReadonlySet<string> {
  const known = words.get(server);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const listener of server.listeners?.('request') ?? []) {
    // Where other code has wrapped the listener, `listener` of the wrapper is the one that the app gave.
    for (const each of [listener, ownValue(listener, 'listener')]) {
      if (typeof each !== 'function') continue;
      for (const [, word = ''] of Function.prototype.toString
        .call(each)
        .toLowerCase()
        .matchAll(/[/'"`]([\w.-]+)/g)) {
        if (found.size < MAX_WORDS) found.add(word);
      }
    }
  }
  words.set(server, found);
  return found;
}
