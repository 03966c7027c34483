import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareSides } from '../../statistics/compare.ts';
import type { Comparison, Method, Side } from '../../statistics/model.ts';
import { printProgress, runCommand } from '../command.ts';
import { InputError } from '../input-error.ts';
import { interruptible } from '../interruption.ts';
import { hasColours } from '../terminal.ts';
import { filterEndpoints } from './endpoint-filter.ts';
import { chooseObjective, describeObjectiveMistake } from './objective.ts';
import {
  type CompareOptions,
  FAIL_ON,
  type FailOn,
  FORMATS,
  type Format,
  OPTIONS,
  parseCompareOptions,
} from './options.ts';
import { renderHtml } from './output/html.ts';
import { renderJson } from './output/json.ts';
import { renderMarkdown } from './output/markdown.ts';
import { renderTable } from './output/table.ts';
import { loadSides } from './sides.ts';

const HELP = `Usage: apm compare BEFORE AFTER
       apm compare --prometheus URL --before FROM..TO --after FROM..TO
       apm compare --prometheus URL --versions BEFORE,AFTER [--since 24h]
       apm compare --rounds 10 --a COMMAND --b COMMAND --load COMMAND

Tests whether a service became faster or slower, by how much, and whether the difference is more than noise: for each
endpoint and for the whole service, at p50, p90, p99 and the mean, and by the shares of slow and of failed requests.

  BEFORE AFTER        recordings: directories (apm snapshot --out before/), or files
  --prometheus URL    where the metrics are stored; APM_PROMETHEUS_TOKEN is sent as the bearer token
  --before, --after   times such as 2026-11-23T07:00:00Z, 1795417200, -2h or now
  --versions          two versions that served at the same time, by service_version of target_info
  --rounds N          runs both builds N times, alternately; this gives the strongest evidence
  --a, --b            commands that start the service before and after; they get the preload and a metrics port
  --load              command that sends requests to the service and exits; it gets SIDE, ROUND and APM_METRICS_URL

  --method, --path          only these endpoints; with --prometheus also --job
  --prefix PREFIX           of the metrics' names (APM_METRIC_PREFIX)
  --objective SECONDS       requests above it are slow (the bound of a bucket nearest to 0.5)
  --confidence SHARE        of intervals and verdicts (0.95)
  --format FORMAT           ${FORMATS.join(', ')}
  --explain                 prints how the verdicts were reached, after the result
  --out FILE                instead of standard output
  --fail-on WHEN            ${FAIL_ON.join(', ')}: when the exit code is 1 (slower)

The first line says what became worse or better, or why nothing can be claimed: too short, too few requests, no evidence.
Exit code: 0 no measure is slower, or has more slow or failed requests; 1 one does; 2 bad input, or usage error. With
--fail-on not-faster it is 1 unless p50, p90, p99, the mean or the share of slow requests of the service is proven better.
`;

/** `apm compare`. @returns the exit code */
export const run = (args: readonly string[]): Promise<number> =>
  runCommand(
    {
      name: 'compare',
      help: HELP,
      options: OPTIONS,
      positionals: true,
      parse: parseCompareOptions,
      async run(options) {
        if (options.out !== undefined) await assertWritable(options.out);
        const comparison = await loadComparison(options);
        for (const line of describeObjectiveMistake(options.objective, comparison))
          printProgress(`apm compare: ${line}`);
        const text = RENDERERS[options.format](comparison, options.explain);
        if (options.out === undefined) process.stdout.write(text);
        else await writeFile(options.out, text).catch(cannotWrite(options.out));
        return exitCode(comparison, options.failOn);
      },
    },
    args,
  );

const METHOD_OF_SOURCE: Readonly<Record<CompareOptions['source']['kind'], Method>> = {
  files: 'periods',
  periods: 'periods',
  versions: 'versions',
  rounds: 'rounds',
};

async function loadComparison(options: CompareOptions): Promise<Comparison> {
  const { source, filter } = options;
  const load = (signal: AbortSignal) => loadSides(options, signal);
  // Reading files leaves nothing to clean up, so a signal may end the process at once.
  const sides = await (source.kind === 'files' ? load(new AbortController().signal) : interruptible(load));
  const [before, after] = sides.map((side) => filterEndpoints(side, filter)) as [Side, Side];
  const objective = chooseObjective([before, after], options.objective);
  const { confidence } = options;
  const comparison = compareSides(METHOD_OF_SOURCE[source.kind], before, after, { objective, confidence });
  if (comparison.endpoints.length === 0)
    throw new InputError('the two sides have no endpoint in common; check that they are of the same service');
  return comparison;
}

const RENDERERS: Readonly<Record<Format, (comparison: Comparison, explained: boolean) => string>> = {
  table: (comparison, explained) =>
    renderTable(comparison, { colours: hasColours(process.stdout, process.env), explained }),
  markdown: renderMarkdown,
  json: renderJson,
  html: renderHtml,
};

function exitCode({ service, endpoints }: Comparison, failOn: FailOn): 0 | 1 {
  if (failOn === 'never') return 0;
  const verdicts = [service, ...endpoints].flatMap(({ measures }) => measures.map(({ verdict }) => verdict));
  if (verdicts.includes('worse')) return 1;
  const isFaster = service.measures.some(({ measure, verdict }) => verdict === 'better' && measure !== 'errors');
  return failOn === 'not-faster' && !isFaster ? 1 : 0;
}

/** Checked first, since the work may take an hour of rounds. @throws InputError */
async function assertWritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const fail = cannotWrite(file);
  if (found?.isDirectory()) fail({ code: 'EISDIR' });
  await access(found ? file : dirname(file), constants.W_OK).catch(fail);
}

const cannotWrite =
  (file: string) =>
  ({ code }: { code?: string }): never => {
    throw new InputError(`--out: cannot write ${file} (${code}); give another file`);
  };
