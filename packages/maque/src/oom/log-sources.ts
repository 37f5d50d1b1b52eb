import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A place where kills are told. */
export interface LogSource {
  /** As a person calls it: the path, or the command. */
  readonly name: string;
  open(): Readable;
}

export const STANDARD_INPUT = '-';

export function fileSource(path: string, shown: string): LogSource {
  return {
    name: shown,
    open() {
      const file = createReadStream(path);
      if (!path.endsWith('.gz')) return file;
      const text = createGunzip();
      file.on('error', (error) => text.destroy(error));
      return file.pipe(text);
    },
  };
}

export const standardInput: LogSource = { name: STANDARD_INPUT, open: () => process.stdin };

/** Files in which distributions keep what the kernel says; the first that is there. */
const KERNEL_LOGS = ['/var/log/kern.log', '/var/log/messages', '/var/log/syslog'];

/**
 * Where this machine tells of kills, the fullest first: the journal (kernel and systemd's remarks, all boots that it
 * keeps), the files of rsyslog, and the kernel's own ring, which holds what fits since the start.
 */
export function machineSources(): readonly LogSource[] {
  const files = KERNEL_LOGS.filter((path) => existsSync(path)).map((path) => fileSource(path, path));
  return [
    commandSource('journalctl', [
      '--no-pager',
      '--quiet',
      '-o',
      'short-iso',
      '-g',
      'oom|Out of memory|Killed process|swap|memory',
    ]),
    ...files,
    commandSource('dmesg', ['--time-format', 'iso']),
    commandSource('dmesg', []),
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
