import type { Kill, KillMechanism } from './kill.ts';
import type { LogLine } from './log-line.ts';

const UNKNOWN = {
  pid: null,
  name: null,
  anonRssKb: null,
  rssKb: null,
  processes: 1,
  signal: null,
  constraint: null,
  constraintInferred: false,
  cgroup: null,
  limitCgroup: null,
  limitKb: null,
  oomScoreAdj: null,
  unit: null,
  kernel: null,
  culprit: null,
  invokedBy: null,
  memory: [],
  freeSwapKb: null,
  totalSwapKb: null,
  ramKb: null,
  complete: true,
} as const;

type Found = Partial<Kill> & { readonly mechanism: KillMechanism };
type Recogniser = {
  readonly hint: string;
  readonly pattern: RegExp;
  readonly kill: (match: RegExpExecArray) => Found;
};

const KB_OF_MIB = 1_024;

/** How those beside the kernel word a kill. `hint` is a word that the line must have: looked for first, since that is cheap. */
const RECOGNISERS: readonly Recogniser[] = [
  {
    hint: 'sending SIG',
    pattern:
      /sending (SIGTERM|SIGKILL) to process (\d{1,10})(?: uid \d{1,10})? "(.{0,64}?)": (?:badness|oom_score) -?\d{1,5}, VmRSS (\d{1,9}) MiB/,
    kill: ([, signal = null, pid, name = null, mib]) => ({
      mechanism: 'earlyoom',
      pid: Number(pid),
      name,
      signal,
      rssKb: Number(mib) * KB_OF_MIB,
    }),
  },
  {
    hint: 'memory pressure for',
    pattern:
      /(?:Killed|Marked) (\/\S+?)(?: for killing)? due to memory pressure for (\/\S+)(?: being (\d{1,3}(?:\.\d{1,2})?%) > (\d{1,3}(?:\.\d{1,2})?%))?/,
    kill: ([, cgroup = '', limited = '', share, limit]) => ({
      mechanism: 'systemd-oomd',
      ...unitAt(cgroup),
      limitCgroup: limited === cgroup ? null : limited,
      constraint: share === undefined ? 'memory-pressure' : `memory-pressure ${share} > ${limit}`,
    }),
  },
  {
    hint: 'due to memory used',
    pattern:
      /(?:Killed|Marked) (\/\S+?)(?: for killing)? due to memory used .{0,200}?swap used .{0,100}?being more than (\d{1,3}(?:\.\d{1,2})?%)/,
    kill: ([, cgroup = '', limit]) => ({
      mechanism: 'systemd-oomd',
      ...unitAt(cgroup),
      constraint: `swap-used > ${limit}`,
    }),
  },
  {
    hint: 'swap used',
    pattern:
      /(?:Killed|Marked) (\/\S+?)(?: for killing)? due to swap used .{0,100}?being more than (\d{1,3}(?:\.\d{1,2})?%)/,
    kill: ([, cgroup = '', limit]) => ({
      mechanism: 'systemd-oomd',
      ...unitAt(cgroup),
      constraint: `swap-used > ${limit}`,
    }),
  },
  {
    hint: 'heap out of memory',
    pattern: /FATAL ERROR: .{0,120}JavaScript heap out of memory/,
    kill: () => ({
      mechanism: 'v8-heap-limit',
      name: 'node',
      signal: 'SIGABRT',
      constraint: 'max-old-space-size',
    }),
  },
  {
    hint: 'max-memory-restart',
    pattern:
      /Process (\d{1,6}) restarted because it exceeds --max-memory-restart value \(current_memory=(\d{1,15}) max_memory_limit=(\d{1,15})/,
    kill: ([, id, bytes, limit]) => ({
      mechanism: 'pm2-restart',
      name: `pm2:${id}`,
      rssKb: Math.round(Number(bytes) / 1_024),
      limitKb: Math.round(Number(limit) / 1_024),
      constraint: 'max_memory_restart',
    }),
  },
  {
    hint: 'PM2',
    pattern: /PM2\s.{0,60}App \[([^\]]{1,64})\] exited with code \[\d{1,3}\] via signal \[SIGKILL\]/,
    kill: ([, name = null]) => ({ mechanism: 'exit-status', name, signal: 'SIGKILL' }),
  },
  {
    hint: 'container oom',
    pattern: /\bcontainer oom ([0-9a-f]{12,64})(?: \(.{0,400}?\bname=([\w.-]{1,128}))?/,
    kill: ([, id = null, name]) => ({
      mechanism: 'container',
      name: name ?? id,
      constraint: 'container limit',
    }),
  },
  {
    hint: 'OOMKilled',
    pattern: /"OOMKilled":\s?true/,
    kill: () => ({ mechanism: 'container', signal: 'SIGKILL', constraint: 'container limit' }),
  },
  {
    hint: 'OOMKilled',
    pattern: /(?:Reason:\s{1,20}|reason: |\s)OOMKilled\b/,
    kill: () => ({ mechanism: 'kubernetes', signal: 'SIGKILL', constraint: 'container limit' }),
  },
  {
    hint: 'exited with code 13',
    pattern: /^(\S{1,128}) exited with code (137|134)\b/,
    kill: ([, name = null, code]) => ({ mechanism: 'exit-status', name, signal: signalOf(code) }),
  },
];

/** What a line says of a kill that was not the kernel's; undefined when it says nothing. */
export function otherKill(line: LogLine, lineNumber: number): Kill | undefined {
  for (const { hint, pattern, kill } of RECOGNISERS) {
    if (!line.text.includes(hint)) continue;
    const match = pattern.exec(line.text);
    if (match === null) continue;
    const { time, uptimeSeconds } = line;
    return { ...UNKNOWN, time, uptimeSeconds, line: lineNumber, ...kill(match) };
  }
  return undefined;
}

/** What systemd says of one of its units. */
export interface UnitRemark {
  readonly unit: string;
  /** Of how many processes; null where it does not say. */
  readonly processes: number | null;
  readonly by: 'kernel' | 'systemd-oomd';
}

const REMARKS: readonly { readonly by: UnitRemark['by']; readonly pattern: RegExp }[] = [
  { by: 'systemd-oomd', pattern: /^(\S{1,255}): systemd-oomd killed (?:some|(\d{1,6})) process/ },
  { by: 'kernel', pattern: /^(\S{1,255}): A process of this unit has been killed by the OOM killer/ },
  { by: 'kernel', pattern: /^(\S{1,255}): The kernel OOM killer killed (?:some|(\d{1,6})) process/ },
  { by: 'kernel', pattern: /^(\S{1,255}): Failed with result 'oom-kill'/ },
];

export function unitRemark({ text }: LogLine): UnitRemark | undefined {
  if (!text.includes('oom') && !text.includes('OOM')) return undefined;
  for (const { by, pattern } of REMARKS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [, unit = '', processes] = match;
    return { unit, by, processes: processes === undefined ? null : Number(processes) };
  }
  return undefined;
}

/** A kill of which only systemd tells. */
export function killOfRemark(remark: UnitRemark, line: LogLine, lineNumber: number): Kill {
  const { time, uptimeSeconds } = line;
  return {
    ...UNKNOWN,
    mechanism: remark.by === 'kernel' ? 'systemd-note' : 'systemd-oomd',
    name: remark.unit,
    unit: remark.unit,
    processes: remark.processes ?? 1,
    complete: false,
    time,
    uptimeSeconds,
    line: lineNumber,
  };
}

function unitAt(cgroup: string): Pick<Kill, 'cgroup' | 'name' | 'unit'> {
  const name = cgroup.slice(cgroup.lastIndexOf('/') + 1);
  return { cgroup, name, unit: name };
}

function signalOf(code: string | undefined): string {
  return code === '134' ? 'SIGABRT' : 'SIGKILL';
}
