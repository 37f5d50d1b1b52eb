import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';

/** A place where kills are told. */
export interface LogSource {
  /** As a person calls it: the path, or the command. */
  readonly name: string;
  open(): Readable;
}

/** Places of this machine that together are one. */
export interface MachineSource {
  readonly name: string;
  readonly parts: readonly LogSource[];
}

export const STANDARD_INPUT = '-';

type Program = readonly [command: string, ...args: readonly string[]];

/** Logs that Node cannot read itself, by the end of their names; the path comes behind. */
const READERS: Readonly<Record<string, Program>> = {
  '.xz': ['xz', '-dc', '--'],
  '.zst': ['zstd', '-dc', '--'],
  '.bz2': ['bzip2', '-dc', '--'],
  '.journal': ['journalctl', '--no-pager', '--quiet', '-o', 'short-iso', '--file'],
};

export function fileSource(path: string, shown: string): LogSource {
  return {
    name: shown,
    open() {
      const reader = Object.entries(READERS).find(([ending]) => path.endsWith(ending))?.[1];
      return reader === undefined ? createReadStream(path) : outputOf(reader, path);
    },
  };
}

export const standardInput: LogSource = { name: STANDARD_INPUT, open: () => process.stdin };

/** What a program of the machine makes of it; an error where there is none, or where it cannot read the file. */
function outputOf([command, ...args]: Program, path: string): Readable {
  const child = spawn(command, [...args, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(0, 200);
  });
  const failed = new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) =>
      resolve(code === 0 ? undefined : Object.assign(new Error(complaint.trim()), { code: 'EUNPACK' })),
    );
  });
  return Readable.from(
    (async function* () {
      yield* child.stdout.on('error', () => {});
      const error = await failed;
      if (error !== undefined) throw error;
    })(),
    { objectMode: false },
  );
}

/** Files in which distributions keep what the kernel says; the first that is there. */
const KERNEL_LOGS = ['/var/log/kern.log', '/var/log/messages', '/var/log/syslog'];

/** Who tells of kills, of what led to them and of what came of them: found by index, however large the journal is. */
const TELLERS = [
  'systemd',
  'systemd-oomd',
  'earlyoom',
  'nohang',
  'dockerd',
  'containerd',
  'kubelet',
  'CRON',
  'crond',
];
/** What programs say themselves: looked for in all of the journal. */
const OWN_WORDS =
  'heap out of memory|OutOfMemoryError|max-memory-restart|MemoryError|memory for the Java Runtime';

/**
 * Where this machine tells of kills, the fullest first: the journal (all boots that it keeps), the files of rsyslog, and
 * the kernel's own ring, which holds what fits since the start.
 */
export function machineSources(): readonly MachineSource[] {
  const files = KERNEL_LOGS.filter((path) => existsSync(path));
  const journal = ['--no-pager', '--quiet', '-o', 'short-iso'];
  const tellers = TELLERS.flatMap((name) => ['+', `SYSLOG_IDENTIFIER=${name}`]);
  const told = commandSource('journalctl', [...journal, '_TRANSPORT=kernel', ...tellers]);
  const said = commandSource('journalctl', [...journal, '-g', OWN_WORDS]);
  const dated = commandSource('dmesg', ['--time-format', 'iso']);
  return [
    { name: 'journalctl', parts: [told, said] },
    ...files.map((path) => ({ name: path, parts: [fileSource(path, path)] })),
    { name: dated.name, parts: [dated] },
    { name: 'dmesg', parts: [commandSource('dmesg', [])] },
  ];
}

function commandSource(command: string, args: readonly string[]): LogSource {
  return {
    name: [command, ...args.slice(0, 2)].join(' '),
    open() {
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, LC_ALL: 'C' },
      });
      // What cannot be started, or says no, has nothing to tell: the next source is asked.
      child.on('error', (error) => child.stdout.destroy(error));
      return child.stdout;
    },
  };
}
