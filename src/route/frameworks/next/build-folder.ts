import { resolve } from 'node:path';
import type { Meta } from './meta.ts';

interface NextConfig {
  readonly distDir?: string;
}

/** Since Next 15.4, by the folder of an app. */
const SERVERS = Symbol.for('@next/router-server-methods');

/** The folder that `next build` has written, by the page that was rendered. */
export function buildFolderOf({ distDir, match }: Meta): string | undefined {
  if (distDir !== undefined) return distDir;
  // In Next 14, and for pages that are files of HTML: `<folder>/server/<bundlePath>.js`.
  const { filename, bundlePath } = match?.definition ?? {};
  if (!filename || !bundlePath) return undefined;
  const end = filename.lastIndexOf(`/server/${bundlePath}`);
  return end > 0 ? filename.slice(0, end) : undefined;
}

const configured = new Map<string, string>();

/** The same by the configuration: `.next`, unless that has another name. Requests without a page show no more. */
export function configuredFolder({ relativeProjectDir = '' }: Meta): string {
  const known = configured.get(relativeProjectDir);
  if (known !== undefined) return known;
  const folder = readConfiguration(relativeProjectDir);
  configured.set(relativeProjectDir, folder);
  return folder;
}

function readConfiguration(relativeProjectDir: string): string {
  const servers = (globalThis as { [SERVERS]?: Record<string, { readonly nextConfig?: NextConfig }> })[SERVERS];
  const { distDir = '.next' } = servers?.[relativeProjectDir]?.nextConfig ?? standaloneConfig();
  return resolve(relativeProjectDir, distDir);
}

/** The server of `output: 'standalone'` gets its configuration in a variable. */
function standaloneConfig(): NextConfig {
  const text = process.env.__NEXT_PRIVATE_STANDALONE_CONFIG;
  return text === undefined ? {} : JSON.parse(text);
}
