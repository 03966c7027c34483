import { HIDDEN_FRAMEWORKS } from '../../config/hidden-frameworks.ts';
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

/** Frameworks of the app that tell no route. Where most paths have one, they are not what answers the requests. */
function diagnoseHidden({ hiddenFrameworks = [], servers, paths }: ApmStatus): Finding[] {
  const { distinct, guessed = 0 } = paths;
  if (guessed <= distinct / 2) return [];
  const recognised = servers.flatMap(({ frameworks }) => frameworks);
  const names = hiddenFrameworks.filter((name) => !recognised.includes(name));
  return HIDDEN_FRAMEWORKS.filter(({ name }) => names.includes(name)).map(({ name, syntax }) =>
    finding(
      'hidden-routes',
      'note',
      `The app depends on ${name}, whose matched route cannot be seen from outside: ${guessed} of ${distinct} paths are guessed from URLs.`,
      `Name its routes: APM_ROUTES=/blog/:slug,/docs/*.${syntax === undefined ? '' : ` In ${name}, ${syntax}.`}`,
    ),
  );
}
