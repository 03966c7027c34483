/** Versions and deploys, as `target_info` tells of them. */
import { INFO, VERSION_LABEL } from './names.ts';
import { SERVICE, withMatchers } from './queries.ts';

const VERSIONED = withMatchers(SERVICE, `${VERSION_LABEL}!=""`);

/**
 * Puts `service_version` beside what has job and instance, and changes no value. A process that restarts as another
 * version under the same instance shows both for minutes where it is pushed: the one heard of last counts, since two
 * would be an error.
 */
export function withVersion(perInstance: string): string {
  const newest = `topk by (job, instance) (1, max by (job, instance, ${VERSION_LABEL}) (timestamp(${INFO}{${SERVICE}})))`;
  return `${perInstance} * on (job, instance) group_left (${VERSION_LABEL}) ${newest} ^ 0`;
}

/**
 * How long a version must be gone before its return is a deploy, not a restart or a failed scrape. Not shorter than
 * Prometheus's lookback: a pushed series is still seen for that long after its last sample, and would look like new.
 */
const GONE_FOR = '5m';

/** The versions that are here now and were not before `since`. */
function newVersions(value: string, since: string): string {
  const by = `(job, ${VERSION_LABEL})`;
  const before = `max by ${by} (last_over_time(${INFO}{${VERSIONED}}[${GONE_FOR}] offset ${since}))`;
  return `max by ${by} (${value}) unless on ${by} ${before}`;
}

/** 1 for each version that is new. $__rate_interval is longer than a step of any graph, so that none is stepped over. */
export const NEW_VERSIONS = newVersions(`${INFO}{${VERSIONED}}`, '$__rate_interval');

/**
 * When each version in the time range appeared, Unix seconds, the newest first; the middle of the range where none did, so
 * that `@` always has a number.
 */
export const DEPLOY_TIMES = (() => {
  const times = `max by (${VERSION_LABEL}) (max_over_time((${newVersions(`timestamp(${INFO}{${VERSIONED}})`, '1m')})[$__range:1m]))`;
  const middle = `label_replace(vector(time() - $__range_s / 2), "${VERSION_LABEL}", "no deploy: middle of the range", "", "")`;
  return `sort_desc(floor(${times} or on () ${middle}))`;
})();
