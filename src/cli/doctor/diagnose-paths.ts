import { HIDDEN_FRAMEWORKS, type HiddenFramework } from '../../config/hidden-frameworks.ts';
import type { ApmStatus, PathsStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** Findings about the values of `path`: how many there are, and which of them could be routes. */
export function diagnosePaths(status: ApmStatus): Finding[] {
  const { paths, processes } = status;
  const merged = processes?.paths?.capped && !paths.capped ? processes.paths : undefined;
  return [
    paths.capped ? explainCap(paths, '') : describePaths(paths),
    ...(merged === undefined ? [] : [explainCap(merged, ' of all processes together')]),
    ...diagnoseCrowded(paths),
    ...diagnoseHidden(status),
  ];
}

function describePaths({ distinct, guessed = 0, max }: PathsStatus): Finding {
  const count = `${distinct} distinct path${distinct === 1 ? '' : 's'}`;
  const isMixed = guessed > 0 && guessed < distinct;
  const from = isMixed ? `, ${guessed} of them guessed from URLs` : guessed > 0 ? ', guessed from URLs' : '';
  const limit = isMixed ? `${max} routes and ${max} guesses` : max;
  return finding('paths', 'ok', `${count}${from}; the limit is ${limit}.`);
}

function explainCap({ distinct, guessed = 0, max }: Omit<PathsStatus, 'crowded'>, where: string): Finding {
  const [areRoutesFull, areGuessesFull] = [distinct - guessed >= max, guessed >= max];
  const areOnlyGuesses = areGuessesFull && !areRoutesFull;
  const what = areOnlyGuesses ? 'guessed paths' : areGuessesFull ? 'distinct paths' : 'routes';
  return finding(
    'capped',
    'problem',
    `The limit of ${max} ${what}${where} is reached: new ones are counted as path="other".`,
    ...(areOnlyGuesses && guessed < distinct ? ['Routes keep their labels: they have a limit of their own.'] : []),
    'Check the path labels. If they contain ids or words, replace those by a parameter: APM_ROUTES=/search/:word',
    ...(areGuessesFull ? ['If scanners asked for them, block scanners in front of the app.'] : []),
    `If the service really has that many ${areOnlyGuesses ? 'paths' : 'routes'}, raise APM_MAX_PATHS.`,
  );
}

/** Names below one path that are probably data. A process of an older version does not report them. */
function diagnoseCrowded({ crowded = [] }: Partial<PathsStatus>): Finding[] {
  return crowded.map((path) => {
    const parent = path === '/' ? '' : path;
    // APM_ROUTES has `*` only at the end.
    const template = `${parent.replaceAll(/\*(?=\/|$)/g, ':name')}/:slug`;
    return finding(
      'crowded',
      'note',
      `${path} has many guessed names below it, so further ones share one path.`,
      `If the name is data, name it: APM_ROUTES=${template}. The first template that matches wins, so list fixed names before it.`,
    );
  });
}

/**
 * Frameworks of the app whose routes were not seen. Where most paths have a route, they are not what answers the requests.
 * Of one whose adapter has reported why, nothing more is known.
 */
export function hiddenFrameworksOf(status: ApmStatus): HiddenFramework[] {
  const { hiddenFrameworks = [], adapterFailures = [], servers, paths } = status;
  const { distinct, guessed = 0 } = paths;
  if (guessed <= distinct / 2) return [];
  const explained = [
    ...servers.flatMap(({ frameworks }) => frameworks),
    ...adapterFailures.map(({ framework }) => framework),
  ];
  return HIDDEN_FRAMEWORKS.filter(({ name }) => hiddenFrameworks.includes(name) && !explained.includes(name));
}

function diagnoseHidden(status: ApmStatus): Finding[] {
  const { distinct, guessed = 0 } = status.paths;
  return hiddenFrameworksOf(status).map(({ name, syntax, unseen }) => {
    const inFramework = syntax === undefined ? '' : ` In ${name}, ${syntax}.`;
    const what = unseen
      ? `The app depends on ${name}, ${unseen.reason}. Its paths are guessed.`
      : `The app depends on ${name}, whose matched route cannot be seen from outside: ${guessed} of ${distinct} paths are guessed from URLs.`;
    const advice = unseen?.advice ?? 'Name its routes';
    return finding('hidden-routes', 'note', what, `${advice}: APM_ROUTES=/blog/:slug,/docs/*.${inFramework}`);
  });
}
