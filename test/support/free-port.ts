import { freePorts } from '../../stack/ports.ts';

/**
 * A free port, for servers that cannot listen on port 0. The system does not give it to another process in the meantime:
 * it is below the range of ports that the system picks itself.
 */
export async function freePort(): Promise<string> {
  const [port] = await freePorts(1);
  return String(port);
}
