import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Source files by their path below a folder, such as `route/resolver.ts`, with their text. */
export type Sources = Readonly<Record<string, string>>;

export function readSources(folder: string): Sources {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(names.map((name) => [name.split(sep).join('/'), readFileSync(join(folder, name), 'utf8')]));
}

/** Every syntax in which one file names another: `from`, a bare import, `import()`, `typeof import()`, and `require`. */
const SPECIFIER = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'(\.{1,2}\/[^']+)'/g;

/** Each import between the files, as resolved paths. Imports of types count too, because they couple files as well. */
function importsOf(sources: Sources): [from: string, to: string][] {
  const found = new Set<string>();
  for (const [file, text] of Object.entries(sources)) {
    for (const [, specifier = ''] of text.matchAll(SPECIFIER)) {
      const path = join(dirname(file), specifier).split(sep).join('/');
      const to = [path, path.replace(/\.js$/, '.ts')].find((each) => each in sources);
      if (to !== undefined && to !== file) found.add(`${file} ${to}`);
    }
  }
  return Array.from(found, (pair) => pair.split(' ') as [string, string]);
}

/** A room, and the rooms or single files it may import from besides itself. */
export type Rooms = Readonly<Record<string, readonly string[]>>;

/** The room with the longest name that contains a file. A file outside all rooms is its own room. */
const roomOf = (file: string, rooms: Rooms): string =>
  Object.keys(rooms)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? file;

/** Imports that the table does not allow, each as `from -> to`. */
export function forbiddenImports(sources: Sources, rooms: Rooms): string[] {
  return importsOf(sources)
    .filter(([from, to]) => {
      const room = roomOf(from, rooms);
      const target = roomOf(to, rooms);
      const allowed = rooms[room];
      if (allowed === undefined) return true;
      return room !== target && !allowed.includes(target) && !allowed.includes(to) && !allowed.includes('*');
    })
    .map(([from, to]) => `${from} -> ${to}`);
}

/** Circles of imports, each as its files: `a.ts -> b.ts -> a.ts`. */
export function importCircles(sources: Sources): string[] {
  const next = new Map<string, string[]>();
  for (const [from, to] of importsOf(sources)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) return void circles.push([...path.slice(at), file].join(' -> '));
    if (done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return circles;
}
