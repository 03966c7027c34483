import { findFreePort } from '../src/cli/compare/sources/rounds/free-port.ts';

/** A service whose port is taken tries the next ones: they must not be the port of another service. */
const PORTS_APART = 8;
/** Test files run in several processes at once: each takes other ports, because a free port is not in use at once. */
const PROCESSES = 8;
const ownShare = Number(process.env.VITEST_POOL_ID ?? 0) % PROCESSES;

const taken = new Set<number>();

/** Free ports, none twice: a program of an earlier test may still be asked at its port. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await findFreePort(
      (candidate) => candidate % (PORTS_APART * PROCESSES) === PORTS_APART * ownShare && !taken.has(candidate),
    );
    taken.add(port);
    ports.push(port);
  }
  return ports;
}
