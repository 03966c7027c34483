import type { Side } from '../../statistics/model.ts';
import { InputError } from '../input-error.ts';

/**
 * Selects endpoints by exact values; undefined selects all.
 * @property prefix  of the names of the metrics (`APM_METRIC_PREFIX`); none by default
 */
export interface EndpointFilter {
  readonly prefix?: string | undefined;
  readonly job?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/** A side with only the endpoints of the filter. Prometheus may have filtered them already. @throws InputError */
export function filterEndpoints(side: Side, { method, path }: EndpointFilter): Side {
  if (method === undefined && path === undefined) return side;
  const isIncluded = (key: string) => {
    const blank = key.indexOf(' ');
    const [ownMethod, ownPath] = [key.slice(0, blank), key.slice(blank + 1)];
    return (method ?? ownMethod) === ownMethod && (path ?? ownPath) === ownPath;
  };
  const blocks = side.blocks.map(({ endpoints, ...block }) => ({
    ...block,
    endpoints: new Map(Array.from(endpoints).filter(([key]) => isIncluded(key))),
  }));
  if (!blocks.some(({ endpoints }) => endpoints.size > 0)) {
    const wanted = [method, path].filter((text) => text !== undefined).join(' ');
    throw new InputError(`${side.name} has no request of ${JSON.stringify(wanted)}; check --method and --path`);
  }
  return { ...side, blocks };
}
