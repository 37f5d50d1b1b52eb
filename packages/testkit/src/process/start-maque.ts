import { fileURLToPath } from 'node:url';
import type { SystemStatus } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';
import { freePort } from './free-port.ts';
import type { MemoryCgroup } from './memory-cgroup.ts';
import { type ProcessExit, spawnProcess, type TestProcess } from './spawn-process.ts';
import { tempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

/** The file of the command `maque`. */
export const launcher = fileURLToPath(new URL('../../../maque/bin/maque.js', import.meta.url));

/** The example that the tests run. */
export const shopFolder = fileURLToPath(new URL('../../../../examples/shop', import.meta.url));

export interface MaqueOptions {
  /** The folder of the app; by default the example shop. */
  readonly appDir?: string;
  /** By default a folder that goes away with the process. */
  readonly dataDir?: string;
  /** Any free one unless told. */
  readonly port?: number;
  /** More flags of `maque start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The group to run in. */
  readonly cgroup?: MemoryCgroup;
}

/** A `maque start` that serves. Everything is gone when its scope ends. */
export interface RunningMaque extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly process: TestProcess;
  /** The one-time link that the first start prints. */
  readonly adminLink: string | undefined;
  /** Stops it as a supervisor does. */
  stop(deadlineMs?: Milliseconds): Promise<ProcessExit>;
}

/** Runs one `maque` command; waits for nothing. */
export async function runMaque(
  args: readonly string[],
  options: Pick<MaqueOptions, 'env' | 'cgroup'> & { readonly cwd?: string } = {},
): Promise<TestProcess> {
  const inner = [launcher, ...args];
  const { command, args: all } = options.cgroup?.wrap(process.execPath, inner) ?? {
    command: process.execPath,
    args: inner,
  };
  return spawnProcess(command, all, {
    env: { ...cleanEnvironment(), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

/** Starts an app on a free port with an empty data folder and waits until it serves. */
export async function startMaque(options: MaqueOptions = {}): Promise<RunningMaque> {
  await using undo = new AsyncDisposableStack();
  const dataDir = options.dataDir ?? undo.use(await tempFolder()).path;
  const port = options.port ?? (await freePort());
  const args = ['start', options.appDir ?? shopFolder, '--port', String(port), '--data-dir', dataDir];
  const child = undo.use(await runMaque([...args, ...(options.args ?? [])], options));
  const url = `http://127.0.0.1:${port}`;
  const look = async () => (child.ended() ? 'ended' : (await fetch(`${url}/readyz`)).ok && 'serves');
  const outcome = await waitUntil(`${url} to serve`, look, 20_000).catch(() => 'silent');
  if (outcome !== 'serves') {
    throw new Error(`maque does not serve (${outcome}):\n${child.stdout()}\n${child.stderr()}`);
  }
  const owned = undo.move();
  return {
    url,
    dataDir,
    process: child,
    get adminLink() {
      return /(http:\S+#\S+)/.exec(child.stdout())?.[1];
    },
    stop(deadlineMs) {
      child.signal('SIGTERM');
      return child.exit(deadlineMs);
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** The state of a server, as `maque ps --json` tells it. */
export async function statusOf({ dataDir }: Pick<RunningMaque, 'dataDir'>): Promise<SystemStatus> {
  await using child = await runMaque(['ps', '--json', '--data-dir', dataDir]);
  const { code } = await child.exit();
  if (code !== 0) throw new Error(`maque ps ends with ${code}: ${child.stderr()}`);
  return JSON.parse(child.stdout()) as SystemStatus;
}

/** What the machine of the developer says of Maque must not change what a test sees. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('MAQUE_') && name !== 'PORT',
  );
  return { ...Object.fromEntries(foreign), LANG: 'C', LC_ALL: 'C', NO_COLOR: '1' };
}
