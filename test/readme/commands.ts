/**
 * How a command of the README is tested.
 * - `run`: it runs as it stands, after these replacements, and exits with 0
 * - `start`: it runs as it stands, after these replacements, until it prints this
 * - `skip`: why it cannot run in a test
 * @property place   where it is pasted: `clone` of this repository, or the folder of an `app` that has the package
 * @property change  shortens durations, and gives ports of this test; each text must be in the command
 */
export type CommandTest =
  | { readonly run: RegExp; readonly place: Place; readonly change?: Changes }
  | { readonly start: RegExp; readonly place: Place; readonly change?: Changes }
  | { readonly skip: string };

type Place = 'clone' | 'app';
type Changes = Readonly<Record<string, string>>;

const CLUSTER =
  'It needs a Kubernetes cluster; test/deploy runs what the manifests say, and checks them against schemas.';
const SHAPE =
  'It shows where your Prometheus, your times and your versions go; test/cli/compare runs it beside a Prometheus.';

/** Every command of README.md. PORT is of the metrics of a running shop, APP of its own scrape, CLOSED of nothing. */
export const COMMANDS: Readonly<Record<string, CommandTest>> = {
  'npm run demo': { start: /^Press Ctrl-C to end the demo\.$/m, place: 'clone' },
  'npm run demo -- --seconds 20': { run: /^Ended; \d+ requests were sent/m, place: 'clone', change: { 20: '1' } },
  'npm run demo:improve': { skip: 'It runs the next command, which is shortened here; test/demo.test.ts runs it.' },
  "npx apm compare --rounds 6 --a 'node demo/service.mjs' --b 'SHOP_FIXED=1 node demo/service.mjs' --load 'node demo/load.mjs --seconds 8 --rate 150'":
    {
      run: /^a: .*, 3 rounds$/m,
      place: 'clone',
      change: { '--rounds 6': '--rounds 3', '--seconds 8': '--seconds 0.3' },
    },
  'npm test': { skip: 'It runs this test.' },

  'node --import @org/apm/register app.js': { start: /metrics at http:/, place: 'app' },
  'NODE_OPTIONS="--import file://$PWD/node_modules/@org/apm/dist/register.js" npm start': {
    start: /metrics at http:/,
    place: 'app',
  },
  'OTEL_METRICS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 node --import @org/apm/register app.js':
    {
      start: /metrics pushed to http:\/\/localhost:\d+\/v1\/metrics/,
      place: 'app',
      change: { 4318: 'CLOSED' },
    },
  'npm install @org/apm': { skip: 'test/package.test.ts installs the packed package.' },
  'npm install @opentelemetry/exporter-metrics-otlp-grpc@0.223.0': {
    skip: 'It is a dependency of the tests in this version, and test/expose/push/otlp.test.ts uses it.',
  },

  'npx apm snapshot http://localhost:9464 --every 15s --for 30m --out before/': {
    run: /^$/,
    place: 'clone',
    change: { 9464: 'PORT', '15s': '500ms', '30m': '1s' },
  },
  'npx apm snapshot http://localhost:9464 --every 15s --for 30m --out after/': {
    run: /^$/,
    place: 'clone',
    change: { 9464: 'PORT', '15s': '500ms', '30m': '1s' },
  },
  'npx apm compare before/ after/': { run: /^Too short: before is/, place: 'clone' },
  'npx apm report before/': { run: /^## Slowest endpoints$/m, place: 'clone' },
  'npx apm compare --prometheus http://localhost:9090 --before -2h..-1h --after -1h..now': { skip: SHAPE },
  'npx apm compare --prometheus http://localhost:9090 --versions 1.4.0,1.5.0 --since 2h': { skip: SHAPE },

  'npx apm doctor': { run: /^ok {7}Preload active\.$/m, place: 'clone' },
  'npx apm doctor 9465': { run: /^ok {7}Preload active\.$/m, place: 'clone', change: { 9465: 'PORT' } },
  'npx apm doctor http://localhost:3000/metrics': {
    run: /served on the app's own port at \/metrics/,
    place: 'clone',
    change: { 3000: 'APP' },
  },

  'npx apm rules --job shop --latency 0.25 --error-target 0.995 > shop.rules.yml': { run: /^$/, place: 'clone' },
  'npx apm rules --except shop --grafana https://grafana.example.com > apm.rules.yml': { run: /^$/, place: 'clone' },
  'npx apm rules --histogram exponential': { run: /^groups:$/m, place: 'clone' },
  'npx apm rules --help': { run: /^Usage: apm rules/, place: 'clone' },

  'npm run stack': { skip: 'It needs Prometheus and a Collector; test/stack/stack.test.ts runs it.' },
  'docker compose up': { skip: 'It needs a Docker engine; test/deploy/wiring.test.ts runs what it starts.' },
  'cd deploy/kubernetes': { skip: CLUSTER },
  'kubectl create secret generic shop-metrics --from-literal=token="$(openssl rand -hex 32)"': { skip: CLUSTER },
  'kubectl apply -f app.yaml': { skip: CLUSTER },
  'kubectl apply -f app-annotations.yaml': { skip: CLUSTER },
  'kubectl apply -f app-push.yaml': { skip: CLUSTER },
  'kubectl kustomize --load-restrictor LoadRestrictionsNone collector | kubectl apply -f -': { skip: CLUSTER },
  'npm run bench': { skip: 'It takes half an hour on an idle machine.' },
  'npm run soak': { skip: 'It takes half an hour; test/soak.test.ts runs the same, shortened.' },
};
