import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { constants, lstat, open, readdir, readlink, statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, KiB, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { pathInTree } from '../../tree/path-in-tree.ts';
import type { CommandOutput, FileFacts, Host, Reading, RunOptions } from './host.ts';

const MOST_TEXT = MiB;
const MOST_NAMES = 10_000;
const TIMEOUT_MS: Milliseconds = 5 * SECOND;
/** What is not there, or not any more: a process may end between two looks. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EINVAL']);
const NOT_IN_A_COPY = { kind: 'unreadable', reason: 'this is a copy of a tree' } as const;

export interface LocalHostOptions {
  /** A copy of a server's tree: files are read there, nothing is run, and what only a running system tells is absent. */
  readonly root?: string;
}

/** This machine. Reads only; commands run with a plain locale, so that their words are known. */
export function localHost(clock: Clock, { root = '/' }: LocalHostOptions = {}): Host {
  const host = runningHost(clock);
  if (root === '/') return host;
  const found = <Value>(path: string, look: (there: string) => Promise<Reading<Value>>, follow = true) =>
    attempt(() => pathInTree(root, path, follow)).then((there) =>
      there.kind === 'value' ? look(there.value) : there,
    );
  return {
    get nowMs() {
      return clock.now();
    },
    read: (path) => found(path, host.read),
    list: (path) => found(path, host.list),
    follow: (path) => found(path, host.follow, false),
    stat: (path) => found(path, host.stat, false),
    // The disk that the copy lies on is not the server's.
    space: async () => NOT_IN_A_COPY,
    run: async () => NOT_IN_A_COPY,
    // Nothing changes in a copy.
    wait: async () => {},
  };
}

function runningHost(clock: Clock): Host {
  return {
    get nowMs() {
      return clock.now();
    },
    read: (path) => attempt(() => readText(path)),
    list: (path) => attempt(async () => (await readdir(path)).slice(0, MOST_NAMES)),
    follow: (path) => attempt(() => readlink(path)),
    stat: (path) => attempt(async () => factsOf(await lstat(path))),
    space: (path) =>
      attempt(async () => {
        const { blocks, bavail, bsize, files, ffree } = await statfs(path);
        return {
          totalBytes: blocks * bsize,
          freeBytes: bavail * bsize,
          totalInodes: files,
          freeInodes: ffree,
        };
      }),
    run: runCommand,
    wait: (ms) => sleep(ms),
  };
}

async function attempt<Value>(look: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { kind: 'value', value: await look() };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return GONE.has(code) ? { kind: 'absent' } : { kind: 'unreadable', reason: code === '' ? message : code };
  }
}

/** Where reads end up before what they brought is kept: a fresh one for each of 2,000 files of /proc is 100 MiB of garbage. */
const idleBuffers: Buffer[] = [];
const READ_AT_ONCE = 16 * KiB;
const MOST_IDLE_BUFFERS = 16;

/** Files of /proc say that they are empty, so what is there is read until there is no more. */
async function readText(path: string): Promise<string> {
  // A pipe that somebody left where a file should be is opened at once, and is empty.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(READ_AT_ONCE);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length < MOST_TEXT) {
      const { bytesRead } = await file.read({ buffer });
      if (bytesRead === 0) break;
      chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
      length += bytesRead;
    }
    return Buffer.concat(chunks).subarray(0, MOST_TEXT).toString();
  } finally {
    if (idleBuffers.length < MOST_IDLE_BUFFERS) idleBuffers.push(buffer);
  }
}

function factsOf(stats: Stats): FileFacts {
  const kind = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'folder'
      : stats.isSymbolicLink()
        ? 'link'
        : 'other';
  return {
    kind,
    bytes: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    inode: stats.ino,
    modifiedAtMs: stats.mtimeMs,
  };
}

/** Where Debian keeps nginx, sysctl and their kind, which its users do not look into. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

function environment(): NodeJS.ProcessEnv {
  const path = [process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', ...SYSTEM_FOLDERS].join(':');
  return { ...process.env, PATH: path, LC_ALL: 'C', LANGUAGE: 'C' };
}

function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs = TIMEOUT_MS, input }: RunOptions = {},
): Promise<Reading<CommandOutput>> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { timeout: timeoutMs, maxBuffer: MOST_TEXT, env: environment(), killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const { code } = (error ?? {}) as { readonly code?: unknown };
        if (code === 'ENOENT') resolve({ kind: 'absent' });
        else if (typeof code === 'string' || (error !== null && typeof code !== 'number'))
          resolve({
            kind: 'unreadable',
            reason: typeof code === 'string' ? code : `no answer within ${timeoutMs} ms`,
          });
        else resolve({ kind: 'value', value: { stdout, stderr, code: typeof code === 'number' ? code : 0 } });
      },
    );
    // A program that does not read what it is given may be gone already.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
