// What clients were answered, and what the scrapes have of it.

/** All requests in a text, but those whose client left: it cannot say whether it was seen. */
export function requestsIn(text) {
  let sum = 0;
  for (const [, labels, value] of text.matchAll(/^http_requests_total\{(.*)\} (\d+)$/gm)) {
    if (!/path="\/abort"|status_code="499"/.test(labels)) sum += Number(value);
  }
  return sum;
}

/** By how much scrapes have increased in all. Counters begin anew with another owner of the port, and only then. */
export class Increase {
  total = 0;
  owners = 0;
  fell = 0;
  #owner;
  #last = 0;

  see(text) {
    const [, owner] = /service_instance_id="([^"]+)"/.exec(text);
    const requests = requestsIn(text);
    if (owner !== this.#owner) {
      this.owners++;
      this.#last = 0;
    } else if (requests < this.#last) this.fell++;
    this.total += requests - this.#last;
    this.#owner = owner;
    this.#last = requests;
  }
}

/**
 * What there has to be in the scrapes.
 * @param answered how many requests each worker has answered
 * @param unsure   how many were sent and not answered, because their connection ended
 * @param doomed   of the workers that were killed, how many each had answered a second before
 */
export function expected({ answered, unsure }, doomed) {
  const entries = Object.entries(answered).map(([pid, count]) => ({ killed: doomed.has(Number(pid)), count }));
  const sum = (counts) => counts.reduce((all, count) => all + count, 0);
  const of = (killed) => sum(entries.filter((entry) => entry.killed === killed).map(({ count }) => count));
  return { exact: of(false), killed: of(true), noticed: sum([...doomed.values()]), workers: entries.length, unsure };
}
