/** How many ports after the wanted one are tried. */
const MAX_NEXT_PORTS = 100;
/** If no leader is found in this time, the wanted port belongs to another program. */
const FIND_LEADER_MS = 1_200;
/** The same, for each of the next ports. */
const FIND_LEADER_AT_NEXT_PORT_MS = 150;

/** A metrics server that listens. */
export interface ListeningServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the metrics server. @returns the error, where it cannot listen */
export type Listen = (port: number) => Promise<ListeningServer | Error>;

/**
 * Listens on the wanted port, or on the next one that is free.
 * @param joinWithin tries for this time to join the process that has the port; a result ends the search
 * @returns the server, the result of `joinWithin`, or the error where no port can be had
 */
export async function claimPort<Joined>(
  wanted: number,
  listen: Listen,
  joinWithin: (timeoutMs: number, port: number) => Promise<Joined | undefined>,
): Promise<ListeningServer | Joined | Error> {
  const last = Math.min(wanted + MAX_NEXT_PORTS, 65_535);
  for (let port = wanted; ; port++) {
    const server = await listen(port);
    if (!isInUse(server)) return server;
    const joined = await joinWithin(port === wanted ? FIND_LEADER_MS : FIND_LEADER_AT_NEXT_PORT_MS, port);
    if (joined !== undefined) return joined;
    // A leader that was exiting has released the port by now.
    const secondTry = await listen(port);
    if (!isInUse(secondTry) || port === last) return secondTry;
  }
}

const isInUse = (server: ListeningServer | Error): boolean => (server as NodeJS.ErrnoException).code === 'EADDRINUSE';
