import { OTHER, UNMATCHED } from '../../../semconv.ts';

/** Identifies an endpoint across restarts of the service, which assign new ids. */
export const endpointKey = (path: string, method: string): string => `${method} ${path}`;

const methodOf = (key: string): string => key.slice(0, key.indexOf(' '));

/** The key under which an endpoint is shown once it is no longer listed separately. */
export const otherKey = (key: string): string => endpointKey(OTHER, methodOf(key));

export const isOther = (key: string): boolean => key === otherKey(key);

export const isUnmatched = (key: string): boolean => key === endpointKey(UNMATCHED, methodOf(key));
