import * as md from './tmp-md.mjs';
const { rows } = await md.measure({ databases: { generations: 1, rounds: 10, calls: 8000, warmUp: 30000 } });
for (const r of rows) console.log(r.what, JSON.stringify(r.cells));
