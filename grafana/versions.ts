/** Versions and deploys, derived from `target_info`. */
import { INFO, VERSION_LABEL } from './names.ts';
import { SERVICE, withMatchers } from './queries.ts';

const VERSIONED = withMatchers(SERVICE, `${VERSION_LABEL}!=""`);

/**
 * Adds the label `service_version` to series with job and instance, and changes no value. A pushed process that restarts
 * with another version and the same instance has both versions for some minutes. The latest one is used, because two
 * matches would be an error in PromQL.
 */
export function withVersion(perInstance: string): string {
  const newest = `topk by (job, instance) (1, max by (job, instance, ${VERSION_LABEL}) (timestamp(${INFO}{${SERVICE}})))`;
  return `${perInstance} * on (job, instance) group_left (${VERSION_LABEL}) ${newest} ^ 0`;
}

/**
 * A version that returns within this time is not a deploy, but a restart or a failed scrape. It must not be shorter than
 * Prometheus's lookback: a pushed series is visible for that long after its last sample, and would look new.
 */
const GONE_FOR = '5m';

/** The versions that exist now and did not exist `since` ago. */
function newVersions(value: string, since: string): string {
  const by = `(job, ${VERSION_LABEL})`;
  const before = `max by ${by} (last_over_time(${INFO}{${VERSIONED}}[${GONE_FOR}] offset ${since}))`;
  return `max by ${by} (${value}) unless on ${by} ${before}`;
}

/** 1 for each new version. $__rate_interval is longer than the step of any graph, so that no version is missed. */
export const NEW_VERSIONS = newVersions(`${INFO}{${VERSIONED}}`, '$__rate_interval');

/**
 * The Unix time in seconds at which each version in the time range appeared, newest first. Without any it is the middle of
 * the range, because `@` in the queries needs a number.
 */
export const DEPLOY_TIMES = (() => {
  const times = `max by (${VERSION_LABEL}) (max_over_time((${newVersions(`timestamp(${INFO}{${VERSIONED}})`, '1m')})[$__range:1m]))`;
  const middle = `label_replace(vector(time() - $__range_s / 2), "${VERSION_LABEL}", "no deploy: middle of the range", "", "")`;
  return `sort_desc(floor(${times} or on () ${middle}))`;
})();
