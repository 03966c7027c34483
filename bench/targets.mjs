// The requested paths, the same for every variant.

/** Some routes of one service. Three of five requests contain an id, of this many different ones. */
export function mixedTargets(ids) {
  const targets = [];
  for (let id = 1; id <= ids; id++) {
    targets.push({ method: 'GET', path: '/' });
    targets.push({ method: 'GET', path: `/users/${id * 7}` });
    targets.push({ method: 'GET', path: `/orders/${100_000 + id}/items` });
    targets.push({ method: 'GET', path: `/search?q=word${id}` });
    targets.push({ method: 'POST', path: '/orders' });
  }
  return targets;
}

const WORDS =
  'users orders items carts prices stores brands colors sizes photos videos albums songs books pages notes tasks teams plans rooms'.split(
    ' ',
  );
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/**
 * Targets for this many (path, method) series. The paths are words in three levels with 20 children each, which no
 * heuristic replaces with a parameter.
 */
export function series(count) {
  return Array.from({ length: count }, (_, i) => {
    const path = Math.floor(i / METHODS.length);
    const words = [Math.floor(path / 400), Math.floor(path / 20) % 20, path % 20].map((n) => WORDS[n]);
    return { method: METHODS[i % METHODS.length], path: `/${words.join('/')}` };
  });
}
