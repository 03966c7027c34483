// The pins of Node in test/support/node-pins.json.
import { writeFileSync } from 'node:fs';
import { NODE_LINES, NODE_PINS, NODE_PINS_FILE, nodePackage } from '../../test/support/nodes.ts';
import { newestOf, published } from './registry.mjs';

/** `version` of a pin is that of the first platform. A platform without a package of that version has its own entry. */
const PLATFORMS = ['linux-x64', 'darwin-arm64', 'darwin-x64', 'linux-arm64', 'win32-x64'];

/** The newest release of a line, and the newest release of each platform that does not have it. */
async function newestNode(line) {
  const found = {};
  for (const platform of PLATFORMS) {
    const { versions } = await published(nodePackage(platform));
    found[platform] = { versions, newest: newestOf(versions, line) };
  }
  const version = found[PLATFORMS[0]].newest;
  const others = PLATFORMS.filter((platform) => !found[platform].versions.includes(version));
  const elsewhere = Object.fromEntries(others.map((platform) => [platform, found[platform].newest]));
  return { version, ...(others.length > 0 && { elsewhere }) };
}

export async function nodePins() {
  const pins = { ...NODE_PINS };
  const rows = [];
  const { latest } = await published(nodePackage(PLATFORMS[0]));
  for (const line of NODE_LINES) {
    if (NODE_PINS[line].oldestSupported) continue;
    const newest = await newestNode(line);
    const write = () => {
      pins[line] = newest;
      writeFileSync(NODE_PINS_FILE, `${JSON.stringify(pins, undefined, 2)}\n`);
    };
    rows.push({
      what: `Node ${line}`,
      where: 'test/support/node-pins.json',
      current: describe(NODE_PINS[line]),
      newest: describe(newest),
      write,
    });
  }
  const line = latest.split('.')[0];
  const last = rows.at(-1);
  if (last && !NODE_LINES.includes(line)) last.newerLine = latest;
  return rows;
}

const describe = ({ version, elsewhere = {} }) =>
  [version, ...Object.entries(elsewhere).map(([platform, other]) => `${platform} ${other}`)].join(', ');
