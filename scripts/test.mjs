// `npm test`: installs what is missing and runs every check, cheapest first; what failed is told last.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages } from './debian-packages.mjs';
import { node24 } from './node24.mjs';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { run, runKeepingOutput } from './run-command.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, node24: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write('npm test [-- --only format|imports|types|docs|unit|e2e]\nnpm run test:node24\n');
  process.exit(0);
}

const startedMs = Date.now();
await ensureInstalled();
await ensureBuilt();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const script = (name) => join(root, 'scripts', name);
const node = values.node24 ? await node24() : pinnedNode();
const env = pinnedEnv(node);
const tests = (projects) => [
  node,
  [bin('vitest'), 'run', ...projects.flatMap((name) => ['--project', name])],
];
const all = [
  ['format', 'Format and lint / 格式与规范', [bin('biome'), ['ci', '--colors=off', '.']]],
  ['imports', 'Import directions / 依赖方向', [node, [script('check-imports.mjs')]]],
  ['types', 'Types / 类型', [node, [bin('tsc'), '--noEmit', '-p', 'tsconfig.tests.json']]],
  ['types', 'Types of the console / 控制台类型', [node, [bin('tsc'), '--noEmit', '-p', 'packages/console']]],
  ['docs', 'References up to date / 参考文档', [node, [script('generate-reference.mjs'), '--check']]],
  ['unit', 'Unit and integration / 单元与集成测试', tests(['unit'])],
  ['e2e', 'End to end / 端到端测试', tests(['e2e', 'e2e-alone'])],
];
// Node 24 is checked for behaviour; formatting and types do not depend on the Node that runs them.
const wanted = all.filter(([kind]) => (values.node24 ? kind === 'unit' : (values.only ?? kind) === kind));
if (wanted.length === 0) throw new Error(`there is no check named ${values.only}`);

if (wanted.some(([kind]) => kind === 'unit' || kind === 'e2e')) {
  await ensureDebianPackages([
    'chromium',
    'curl',
    'docker-compose',
    'fonts-wqy-microhei',
    'gunicorn',
    'logrotate',
    'mariadb-client-core',
    'mariadb-server-core',
    'nginx',
    'openjdk-17-jre-headless',
    'openssl',
    'procps',
    'prometheus',
    'prometheus-alertmanager',
    'python3',
    'redis-server',
    'sqlmap',
    'systemd',
    'uvicorn',
  ]);
}
// Those of seconds run beside each other; tests one kind after the other, for each has its own way to use the cores.
const isOfTests = ([kind]) => kind === 'unit' || kind === 'e2e';
const short = wanted.filter((check) => !isOfTests(check));
if (short.length > 0) say(`\n▸ ${short.map(([, title]) => title).join(' · ')}`);
const failures = (await Promise.all(short.map(runBesideOthers))).filter(({ code }) => code !== 0);
for (const { title, output } of failures) say(`\n✗ ${title}\n${output}`);

for (const check of wanted.filter(isOfTests)) {
  if (failures.length > 0) break;
  say(`\n▸ ${check[1]}`);
  const outcome = await runAlone(check);
  if (outcome.code !== 0) failures.push(outcome);
}

for (const { kind, title } of failures) say(`\n✗ Failed / 失败 — ${title} (npm test -- --only ${kind})`);
if (failures.length === 0) say(`\n✓ All passed / 全部通过 — ${since(startedMs)}`);
process.exitCode = failures[0]?.code ?? 0;

async function runBesideOthers([kind, title, [command, args]]) {
  const beganMs = Date.now();
  const { code, output } = await runKeepingOutput(command, args, { env, quiet: true });
  say(`${code === 0 ? '✓' : '✗'} ${title} — ${since(beganMs)}`);
  return { kind, title, code, output };
}

async function runAlone([kind, title, [command, args]]) {
  const beganMs = Date.now();
  const code = await run(command, args, { env });
  say(`${code === 0 ? '✓' : '✗'} ${title} — ${since(beganMs)}`);
  return { kind, title, code };
}

function since(beganMs) {
  const seconds = (Date.now() - beganMs) / 1_000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
