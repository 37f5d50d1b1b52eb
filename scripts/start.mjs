// `npm start`: installs and builds what is missing, then runs the example shop.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

const child = spawn(
  pinnedNode(),
  [join(root, 'packages/maque/bin/maque.js'), 'start', join(root, 'examples/shop'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: pinnedEnv() },
);
// A terminal sends Ctrl-C to the whole group, so the child has it already; a supervisor signals only this process.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGHUP'));
child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
