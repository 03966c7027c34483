/** So many ports from the wanted one on are tried. */
const PORTS = 100;
/** Milliseconds in which whoever has the port has to be found, until it counts as another program's; then for the next. */
const SEARCH = 1_200;
const SEARCH_NEXT = 150;

/** A metrics server that listens. */
export interface ListeningServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Has the metrics server listen. @returns why not, where that is not possible */
export type Listen = (port: number) => Promise<ListeningServer | Error>;

/**
 * Listens on the wanted port, or on the next one that is free.
 * @param taken looks, for so many milliseconds, whether a process of this service has the port, and joins it
 * @returns why not, where no port can be had
 */
export async function claimPort(
  wanted: number,
  bind: Listen,
  taken: (patience: number) => Promise<boolean>,
): Promise<ListeningServer | Error | 'joined'> {
  const last = Math.min(wanted + PORTS, 65_535);
  for (let port = wanted; ; port++) {
    const bound = await bind(port);
    if (!isTaken(bound)) return bound;
    if (await taken(port === wanted ? SEARCH : SEARCH_NEXT)) return 'joined';
    // An owner that was just ending has left it now.
    const later = await bind(port);
    if (!isTaken(later) || port === last) return later;
  }
}

const isTaken = (bound: ListeningServer | Error): boolean => (bound as NodeJS.ErrnoException).code === 'EADDRINUSE';
