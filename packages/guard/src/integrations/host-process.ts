import { basename } from 'node:path';

// npm, npx, yarn, pnpm and corepack stay beside the app that they start, and NODE_OPTIONS reaches them first.
const TOOLS = /^(?:npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)(?:-cli)?(?:\.c?js)?$/;

/**
 * Whether this is a program to watch: not one that only starts the app. (In a worker thread the process is watched
 * already, from its main thread.)
 */
export function isAppProcess(isMainThread: boolean, script: string | undefined): boolean {
  return isMainThread && !(script !== undefined && TOOLS.test(basename(script)));
}
