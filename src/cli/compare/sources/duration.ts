const UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a duration as Prometheus writes it: `15s`, `1h30m`, `500ms`; undefined where it is none. */
export function durationOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g);
  const seconds = [...parts].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT[unit as string] as number),
    0,
  );
  return seconds > 0 ? seconds : undefined;
}
