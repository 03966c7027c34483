/** @param ports of the servers by names, which take their places. @returns describes a recorded call in one line */
export const describeWith =
  (ports) =>
  ({ target, status = '-', error = '' }) => {
    const host = Object.entries(ports).reduce(
      (text, [name, port]) => text.replace(`:${port}`, `:${name}`),
      target.host,
    );
    return `${target.operation} ${host} ${status} ${error}`.trim();
  };
