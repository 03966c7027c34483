/** Whether an answer mostly means that no route has answered. */
export const isNotFound = (status: number): boolean => status === 404 || status === 405;

/** Whether an answer may come from before the route or mount that the request would have reached. 404 and 405 come after. */
export const isEarly = (status: number): boolean => status >= 300 && !isNotFound(status);
