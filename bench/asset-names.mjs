// npm run bench:assets: how many names of built files are recognised, and how many ordinary names are taken for such. The
// random numbers are the same in every run; test/route/shape/hashed-files.test.ts holds the limits.
import { writeFileSync } from 'node:fs';
import { PathShapes } from '../src/route/shape/path-shapes.ts';
import { BUNDLERS, generatePaths } from '../test/route/shape/generated-names.ts';
import { measureMisjudged, measureRecognised } from '../test/route/shape/recognised.ts';

const NAMES = 20_000;
const ROUNDS = 15;

/** The median over rounds of the time for a path that is not cached. */
function microsecondsPerPath(paths) {
  const times = Array.from({ length: ROUNDS }, () => {
    const shapes = new PathShapes();
    const started = performance.now();
    for (const path of paths) shapes.templateFor(path, true);
    return (1000 * (performance.now() - started)) / paths.length;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1].toFixed(1);
}

const rows = measureRecognised(NAMES).map(
  ({ title, percent, missed }) => `| ${title} | ${percent.toFixed(2)} % | ${missed.slice(0, 2).join(' ')} |`,
);
const { names, misjudged } = measureMisjudged('/assets');
const speed = microsecondsPerPath(generatePaths(BUNDLERS['Vite 5 and later'], NAMES));
const ids = Array.from({ length: NAMES }, (_, i) => `/api/users/${i}/orders`);

const text = `# How many names of built files are recognised

Written by \`npm run bench:assets\`: ${NAMES.toLocaleString('en')} generated names of each bundler, in the alphabet, length and pattern of its
defaults. A name is recognised when its shape has only its folder and type: \`/assets/*.js\`.

| bundler | recognised | missed, for example |
| --- | --- | --- |
${rows.join('\n')}

Of ${names.toLocaleString('en')} ordinary names of files, of packages that websites serve, ${misjudged.length} are taken for names of built files
(${((100 * misjudged.length) / names).toFixed(2)} %): ${misjudged.map((name) => `\`${name}\``).join(', ')}.

A path that is not cached takes ${speed} us with such a name, and ${microsecondsPerPath(ids)} us with an id (Node ${process.version}).
`;
console.log(text);
writeFileSync(new URL('ASSET-NAMES.md', import.meta.url), text);
