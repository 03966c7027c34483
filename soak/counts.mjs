// The requests that clients got an answer to, and those that the scrapes show.

/** All requests in the text of a scrape, except aborted ones: their client cannot know whether the server saw them. */
export function requestsIn(text) {
  let sum = 0;
  for (const [, labels, value] of text.matchAll(/^http_requests_total\{(.*)\} (\d+)$/gm)) {
    if (!/path="\/abort"|status_code="499"/.test(labels)) sum += Number(value);
  }
  return sum;
}

/** The total increase over a series of scrapes. Counters may start from 0 only with another leader. */
export class Increase {
  total = 0;
  leaders = 0;
  /** Scrapes in which the total fell although the leader was the same. */
  decreases = 0;
  #leader;
  #last = 0;

  add(text) {
    const [, leader] = /service_instance_id="([^"]+)"/.exec(text);
    const requests = requestsIn(text);
    if (leader !== this.#leader) {
      this.leaders++;
      this.#last = 0;
    } else if (requests < this.#last) this.decreases++;
    this.total += requests - this.#last;
    this.#leader = leader;
    this.#last = requests;
  }
}

/**
 * The counts that the scrapes must show.
 * @param answered           number of requests that each worker answered, by pid
 * @param interrupted        number of requests without an answer, because their connection ended
 * @param answeredBeforeKill number of requests that each killed worker had answered a second before its end, by pid
 */
export function expectedCounts({ answered, interrupted }, answeredBeforeKill) {
  const entries = Object.entries(answered).map(([pid, count]) => ({
    killed: answeredBeforeKill.has(Number(pid)),
    count,
  }));
  const sum = (counts) => counts.reduce((all, count) => all + count, 0);
  const sumOf = (killed) => sum(entries.filter((entry) => entry.killed === killed).map(({ count }) => count));
  return {
    exact: sumOf(false),
    killed: sumOf(true),
    beforeKill: sum([...answeredBeforeKill.values()]),
    workers: entries.length,
    interrupted,
  };
}
