// `npm run bench`: installs and builds what is missing, then runs bench/run.ts on the pinned Node.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { mustRun, run } from './run-command.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
const bench = join(root, 'bench');
if (!process.argv.includes('--help')) {
  await ensureDebianPackages(['mariadb-server', 'redis-server']);
  if (!existsSync(join(bench, 'node_modules'))) {
    await mustRun('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: bench });
  }
}
process.exit(
  await run(pinnedNode(), [join(bench, 'run.ts'), ...process.argv.slice(2)], { env: pinnedEnv() }),
);
