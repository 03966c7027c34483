/** The style of the page. Before is grey and pale, after blue; in drawings, place and form tell them apart too. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #17202b; --quiet: #55606e; --edge: #d5dae1; --grid: #eceff3;
  --before: #8a94a1; --after: #0b57b7; --better: #1a6b35; --worse: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ground: #10151b; --text: #e8edf3; --quiet: #a3afbd; --edge: #36414d; --grid: #222b35;
  --before: #98a3b1; --after: #8ab8ff; --better: #7fd69a; --worse: #ff8a80 } }
body { max-width: 1000px; margin: 0 auto; padding: 16px; background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums }
h1 { font-size: 22px } h2 { font-size: 17px; margin: 32px 0 4px; overflow-wrap: anywhere }
p, th, summary { color: var(--quiet) } p { margin: 4px 0 } .result { color: var(--text); font-weight: 600 }
details p { margin: 8px 0; max-width: 80ch }
table { border-collapse: collapse }
th, td { padding: 3px 18px 3px 0; text-align: left; font-weight: 400; white-space: nowrap }
td.better { color: var(--better); font-weight: 600 } td.worse { color: var(--worse); font-weight: 600 }
figure, .wide { margin: 8px 0; overflow-x: auto } svg { max-width: 100%; min-width: 720px; height: auto }
svg text { fill: var(--quiet); font: 12px system-ui, sans-serif } .m { text-anchor: middle }
.b { fill: var(--before); fill-opacity: .55 } .a { fill: var(--after); fill-opacity: .8 }
.e { stroke: var(--quiet) } .g { stroke: var(--grid) }
.ring { fill: var(--ground); stroke: var(--before); stroke-width: 2.5 } .dot { fill: var(--after) }
.arrow { stroke: var(--quiet); stroke-width: 2 } .head { fill: var(--quiet) }
.better .arrow { stroke: var(--better) } .better .head, .better .v { fill: var(--better) }
.worse .arrow { stroke: var(--worse) } .worse .head, .worse .v { fill: var(--worse) }
.better .v, .worse .v { font-weight: 600 }
`;
