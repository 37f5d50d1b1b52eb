import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT_LOG } from '@maque/keeper';
import { CodedError, type Language, say, type Text } from '@maque/kit';
import { askKeeper } from '../control/ask-keeper.ts';

const WORDS = {
  journal: {
    en: 'The output of this one is in the journal: {command}',
    zh: '该服务的输出在 systemd 日志中：{command}',
  },
  terminal: {
    en: 'The output of this one goes to the terminal {place}',
    zh: '该服务的输出在终端 {place}',
  },
  starter: {
    en: 'The output of this one goes to whoever started it (pid {pid}), such as a container: docker logs',
    zh: '该服务的输出交给了启动它的程序（pid {pid}），例如容器：docker logs',
  },
  file: { en: 'The output of this one goes to {place}', zh: '该服务的输出写入 {place}' },
} satisfies Record<string, Text>;

/**
 * Where the output of a keeper that runs goes, if it writes no log file; undefined when it does, or none runs, or the
 * system does not tell (only Linux does).
 */
export async function outputElsewhere(dataDir: string, language: Language): Promise<string | undefined> {
  const pid = await pidOfKeeper(dataDir);
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(pid, name));
    if (descriptors.includes(join(dataDir, 'logs', OUTPUT_LOG))) return undefined;
    return describePlace(pid, linkOf(pid, '1'), language);
  } catch {
    return undefined;
  }
}

async function pidOfKeeper(dataDir: string): Promise<number | undefined> {
  try {
    return ((await askKeeper(dataDir, 'GET', '/healthz')) as { readonly pid: number }).pid;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

function describePlace(pid: number, place: string, language: Language): string {
  if (place.startsWith('/dev/')) return say(WORDS.terminal, language, { place });
  if (place.startsWith('/')) return say(WORDS.file, language, { place });
  const socket = /^socket:\[(\d+)\]$/.exec(place)?.[1];
  // systemd names the device and the inode of the journal's socket to whatever it starts (systemd.exec(5)).
  const [, inode] = (environmentOf(pid).get('JOURNAL_STREAM') ?? '').split(':');
  if (socket === undefined || socket !== inode) return say(WORDS.starter, language, { pid: parentOf(pid) });
  return say(WORDS.journal, language, { command: journalCommand(pid) });
}

function journalCommand(pid: number): string {
  const group = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  const unit = /([^/\n]+)\.service$/m.exec(group)?.[1];
  if (unit === undefined) return `journalctl _PID=${pid} -f`;
  return `journalctl ${group.includes('/user@') ? '--user-unit' : '-u'} ${unit} -f`;
}

function environmentOf(pid: number): ReadonlyMap<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return new Map(entries.map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]));
}

function parentOf(pid: number): string {
  return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '?';
}

function linkOf(pid: number, descriptor: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
