// Node 24 for `npm run test:node24`, installed beside the packages when it is first asked for.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pinned-node.mjs';
import { mustRun } from './run-command.mjs';

const version = '24.21.0';

/** The path of a Node 24 binary. @throws Error on platforms without a published one. */
export async function node24() {
  const name = `node-${process.platform}-${process.arch}`;
  if (process.platform !== 'linux')
    throw new Error(`test:node24 runs on Linux; on ${process.platform} use Node 24 itself`);
  const folder = join(root, 'node_modules', '.cache', `node-${version}`);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(node)) {
    process.stderr.write(`• Installing Node ${version} …\n`);
    await mustRun(
      'npm',
      ['install', '--prefix', folder, '--no-save', '--loglevel=error', `${name}@${version}`],
      { quiet: true },
    );
  }
  return node;
}
