import { BlockList, isIP } from 'node:net';

/**
 * The proxy for requests to one URL.
 * @property url   with user and password, so it is never logged
 * @property shown the same without them
 */
export interface PushProxy {
  readonly url: string;
  readonly shown: string;
}

/** @property invalid the line to log, where the variable has no URL that can be used */
export interface ProxyChoice {
  readonly proxy?: PushProxy;
  readonly invalid?: string;
}

/**
 * Chooses the proxy for a URL from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Where Node is told to use them as well
 * (`NODE_USE_ENV_PROXY=1`, `--use-env-proxy`), this machine is no exception, as in Node. By default it is one: most
 * Collectors run beside the app, and a proxy cannot reach them there.
 * @param flags the flags of Node
 */
export function chooseProxy(
  target: string,
  env = process.env,
  flags: readonly string[] = process.execArgv,
): ProxyChoice {
  const { protocol, hostname, port } = new URL(target);
  const secure = protocol === 'https:';
  // Small letters win, as in Node and curl.
  const name = (secure ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']).find((each) =>
    env[each]?.trim(),
  );
  if (name === undefined) return {};
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const exceptions = env.no_proxy ?? env.NO_PROXY ?? '';
  if (isException(host, port || (secure ? '443' : '80'), exceptions)) return {};
  if (!isUsedByNode(env, flags) && isThisMachine(host)) return {};
  const given = env[name]?.trim() ?? '';
  const url = parseProxy(given.includes('://') ? given : `http://${given}`);
  // The value is not shown: it may have a password.
  if (url === undefined) return { invalid: `${name}: expected an http:// or https:// URL; pushes use no proxy` };
  return { proxy: { url: url.href, shown: `${url.protocol}//${url.host}` } };
}

const isUsedByNode = (
  { NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: NodeJS.ProcessEnv,
  flags: readonly string[],
): boolean => NODE_USE_ENV_PROXY === '1' || [...flags, ...NODE_OPTIONS.split(/\s+/)].includes('--use-env-proxy');

const isThisMachine = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|::1)$/.test(host);

function parseProxy(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}

/**
 * Whether an entry of NO_PROXY fits: `*`, `host` with its subdomains, `.host` or `*.host` for subdomains alone, each also
 * with a port; an address, a range of addresses `10.0.0.1-10.0.0.9`, or a network `10.0.0.0/8`.
 */
function isException(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (isIP(host) !== 0 && matchesAddress(host, entry)) return true;
      const [, name = '', ofPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (ofPort !== undefined && ofPort !== port) return false;
      const domain = name.replace(/^\*?\./, '');
      return host.endsWith(`.${domain}`) || (domain === name && host === name);
    });
}

function matchesAddress(host: string, entry: string): boolean {
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  const found = new BlockList();
  try {
    const [first = '', last] = entry.split(/[-/]/);
    if (last === undefined) found.addAddress(first.replace(/^\[|\]$/g, ''), family);
    else if (entry.includes('/')) found.addSubnet(first, Number(last), family);
    else found.addRange(first, last, family);
    return found.check(host, family);
  } catch {
    // It is a name, or an address of the other family.
    return false;
  }
}
