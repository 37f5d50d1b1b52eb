import { execFile } from 'node:child_process';
import { type Dirent, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bytes, MiB, type Milliseconds, SECOND } from '@maque/kit';

/** The folder of Node's compile cache inside a data folder. It comes again when it is gone. */
const CACHE = 'compile-cache';
/** The shop takes 0.2 MiB, and 2.2 once workers have ended and left their code there. */
const MOST_CACHE_BYTES: Bytes = 32 * MiB;
/** The shop takes 90 ms, 50 once all is there. */
const STRIP_MS: Milliseconds = 10 * SECOND;

/**
 * Strips the types of a program that is run as TypeScript, in a process that ends, and keeps what is left for its
 * workers: the stripper of Node is WebAssembly that stays in each process that has used it once, 13 MiB (Node 26).
 * Whatever goes wrong here, the workers strip by themselves.
 * @returns the variables that let workers find it; none for JavaScript, and where somebody keeps a cache already.
 */
export async function stripTypesOnce(
  script: string,
  dataDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  if (!/\.[mc]?ts$/.test(script) || env.NODE_COMPILE_CACHE !== undefined) return {};
  const folder = join(dataDir, CACHE);
  try {
    forgetWhatIsTooMuch(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return {}; // not to be written: a start does not fail for that
  }
  const variables = { NODE_COMPILE_CACHE: folder };
  await loadWithoutRunning(pathToFileURL(resolve(script)).href, { ...env, ...variables });
  return variables;
}

/**
 * Node reads and strips all that a module imports before it looks whether what is asked for is there, and runs nothing
 * when it is not.
 */
function loadWithoutRunning(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const asking = `import ${JSON.stringify(url)}; import { nothing } from 'node:module';`;
  const code = `import('data:text/javascript,${encodeURIComponent(asking).replaceAll("'", '%27')}').catch(() => {})`;
  const options = { env, timeout: STRIP_MS, killSignal: 'SIGKILL' } as const;
  return new Promise((done) => {
    execFile(process.execPath, ['--eval', code], options, () => done());
  });
}

/**
 * A file that has changed takes the place of what it was; other Nodes, and releases in folders of their own, leave theirs
 * behind.
 */
function forgetWhatIsTooMuch(folder: string): void {
  const files = filesIn(folder);
  const nodes = new Set(files.map(({ parentPath }) => parentPath));
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  if (nodes.size > 1 || bytes > MOST_CACHE_BYTES) rmSync(folder, { recursive: true, force: true });
}

function filesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  } catch {
    return []; // none yet
  }
}

function sizeOf({ parentPath, name }: Dirent): Bytes {
  return statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0;
}
