/** Writes dashboards/*.json. Run it with `npm run dashboards`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { DASHBOARDS, toJson } from './dashboards.ts';

const folder = new URL('dashboards/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  await writeFile(new URL(`${name}.json`, folder), toJson(dashboard));
}
