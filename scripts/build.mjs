// Compiles every package, builds the console and bundles what runs.
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { pinnedEnv, pinnedNode, root } from './pinned-node.mjs';
import { mustRun } from './run-command.mjs';

const env = pinnedEnv();
const bin = (name) => join(root, 'node_modules', '.bin', name);

await mustRun(pinnedNode(), [bin('tsc'), '-b', '--pretty'], { env });
await mustRun(pinnedNode(), [bin('vite'), 'build', '--logLevel', 'warn'], {
  env,
  cwd: join(root, 'packages', 'console'),
});
// What WeChat's own "build npm" picks up: the client in one CommonJS file.
await mustRun(pinnedNode(), [bin('rolldown'), '-c', '--log-level', 'warn'], {
  env,
  cwd: join(root, 'packages', 'miniprogram'),
});
await bundle();
