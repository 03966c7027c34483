import { OTHER } from '../semconv.ts';

/**
 * The label `host`: the address, with the port unless that is the default of the scheme or system.
 * @param address a name, an IP address or the path of a Unix domain socket; undefined where the client does not tell it
 */
export function hostLabel(
  address: string | undefined,
  port: number | undefined,
  defaultPort: number | undefined,
): string {
  if (address === undefined) return OTHER;
  // As the conventions say: an abstract Unix domain socket begins with `@`.
  const text = address.replace(/^\0/, '@');
  const host = text.includes(':') && !/[/[]/.test(text) ? `[${text}]` : text;
  return port === undefined || port === defaultPort ? host : `${host}:${port}`;
}
