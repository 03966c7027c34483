/** Whether an answer may come from before the route or mount that the request would have reached. 404 and 405 come after. */
export const isEarly = (status: number): boolean => status >= 300 && status !== 404 && status !== 405;
