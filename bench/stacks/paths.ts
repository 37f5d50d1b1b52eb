import { fileURLToPath } from 'node:url';

export const stacksFolder = fileURLToPath(new URL('.', import.meta.url));
export const benchFolder = fileURLToPath(new URL('..', import.meta.url));
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Installs what the stacks consist of. */
export const NPM_INSTALL_COMMAND = 'npm ci --prefix bench';
