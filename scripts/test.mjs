// `npm test`: installs what is missing and runs every check, cheapest first; stops at the first kind that fails.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages } from './debian-packages.mjs';
import { node24 } from './node24.mjs';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { run } from './run-command.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, node24: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write('npm test [-- --only format|imports|types|docs|unit|e2e]\nnpm run test:node24\n');
  process.exit(0);
}

await ensureInstalled();
await ensureBuilt();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const script = (name) => join(root, 'scripts', name);
const node = values.node24 ? await node24() : pinnedNode();
const env = pinnedEnv(node);
const checks = [
  ['format', 'Format and lint / 格式与规范', [bin('biome'), ['ci', '--colors=off', '.']]],
  ['imports', 'Import directions / 依赖方向', [node, [script('check-imports.mjs')]]],
  ['types', 'Types / 类型', [node, [bin('tsc'), '--noEmit', '-p', 'tsconfig.tests.json']]],
  ['types', 'Types of the console / 控制台类型', [node, [bin('tsc'), '--noEmit', '-p', 'packages/console']]],
  ['docs', 'References up to date / 参考文档', [node, [script('generate-reference.mjs'), '--check']]],
  ['unit', 'Unit and integration / 单元与集成测试', [node, [bin('vitest'), 'run', '--project', 'unit']]],
  ['e2e', 'End to end / 端到端测试', [node, [bin('vitest'), 'run', '--project', 'e2e']]],
];
// Node 24 is checked for behaviour; formatting and types do not depend on the Node that runs them.
const wanted = checks.filter(([kind]) => (values.node24 ? kind === 'unit' : (values.only ?? kind) === kind));
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
for (const [, title, [command, args]] of wanted) {
  const started = Date.now();
  process.stdout.write(`\n▸ ${title}\n`);
  const code = await run(command, args, { env });
  process.stdout.write(
    `${code === 0 ? '✓' : '✗'} ${title} — ${((Date.now() - started) / 1_000).toFixed(1)} s\n`,
  );
  if (code !== 0) process.exit(code);
}
