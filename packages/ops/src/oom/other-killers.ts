import { kilobytesOf } from './container-details.ts';
import { EXITS } from './exit-words.ts';
import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { plausibleKb } from './plausible-size.ts';
import type { Recogniser } from './recogniser.ts';
import { UNTOLD } from './untold.ts';

const KB_OF_MIB = 1_024;
/** Of systemd. */
const MOST_UNIT_CHARACTERS = 255;

/** How those beside the kernel word a kill. `hint` is a word that the line must have: looked for first, since that is cheap. */
const RECOGNISERS: readonly Recogniser[] = [
  {
    hint: 'sending SIG',
    pattern:
      /sending (SIGTERM|SIGKILL) to process(?: group)? (\d{1,10})(?: uid \d{1,10})? "(?:(.{0,64}?)": .{0,80}?VmRSS (\d{1,9}) MiB|(.{0,64}?)"(?::|\s*$))/,
    kill: ([, signal = null, pid, name, mib, nameAlone = null]) => ({
      mechanism: 'earlyoom',
      pid: Number(pid),
      name: name ?? nameAlone,
      signal,
      rssKb: mib === undefined ? null : Number(mib) * KB_OF_MIB,
    }),
  },
  // Of the one named before, which did not end in time.
  {
    hint: 'escalating to SIGKILL',
    pattern: /^escalating to SIGKILL after/,
    kill: () => ({ mechanism: 'earlyoom', signal: 'SIGKILL' }),
  },
  // earlyoom until 1.3.
  {
    hint: 'with signal',
    pattern:
      /killing process (\d{1,10})(?: uid \d{1,10})? "(.{0,64}?)" with signal (9|15)(?:: .{0,80}?VmRSS (\d{1,9}) MiB)?/,
    kill: ([, pid, name = null, signal, mib]) => ({
      mechanism: 'earlyoom',
      pid: Number(pid),
      name,
      signal: signal === '9' ? 'SIGKILL' : 'SIGTERM',
      rssKb: mib === undefined ? null : Number(mib) * KB_OF_MIB,
    }),
  },
  // earlyoom 1.0; systemd's own words of a kill have brackets around the name.
  {
    hint: 'Killing process',
    pattern: /^Killing process (\d{1,10}) ([^\s("'][^"'(]{0,62})$/,
    kill: ([, pid, name = null]) => ({ mechanism: 'earlyoom', pid: Number(pid), name, signal: 'SIGKILL' }),
  },
  // Android's, and the driver in the kernel that was before it.
  {
    hint: 'Kill',
    pattern:
      /\b(?:lowmemorykiller|lmkd): Kill(?:ing)? '(.{1,128}?)' \((\d{1,10})\)(?:.{0,60}?oom_score_adj (-?\d{1,5}))?(?:.{0,100}?to free (\d{1,12})kB)?/,
    kill: ([, name = null, pid, adj, kb]) => ({
      mechanism: 'lmkd',
      name,
      pid: Number(pid),
      signal: 'SIGKILL',
      oomScoreAdj: adj === undefined ? null : Number(adj),
      rssKb: kb === undefined ? null : plausibleKb(Number(kb)),
    }),
  },
  {
    hint: 'Allowed memory size of',
    pattern: /Allowed memory size of (\d{1,15}) bytes exhausted/,
    kill: ([, bytes]) => ({
      mechanism: 'php-memory-limit',
      name: 'php',
      limitKb: kilobytes(bytes),
      constraint: 'memory_limit',
    }),
  },
  // systemd-oomd; pagers cut its long lines.
  {
    hint: ' due',
    pattern: /(?:Killed|Marked) (\/\S{1,4096})(?: for killing)? due\b(.{0,1000})/,
    kill: ([, cgroup = '', why = '']) => ({
      mechanism: 'systemd-oomd',
      ...unitAt(cgroup),
      ...pressureIn(why, cgroup),
    }),
  },
  {
    hint: 'max-memory-restart',
    pattern:
      /Process (\d{1,6}) restarted because it exceeds --max-memory-restart value(?: \(current_memory=(\d{1,15}) max_memory_limit=(\d{1,15}))?/,
    kill: ([, id, bytes, limit]) => ({
      mechanism: 'pm2-restart',
      name: `pm2:${id}`,
      rssKb: kilobytes(bytes),
      limitKb: kilobytes(limit),
      constraint: 'max_memory_restart',
    }),
  },
  {
    hint: 'container oom',
    pattern: /\bcontainer oom ([0-9a-f]{12,64})(?: \((?:.{0,3000}?, ?)?name=([\w.-]{1,128}))?/,
    kill: ([, id = null, name]) => ({
      mechanism: 'container',
      name: name ?? id,
      container: id,
      constraint: 'container limit',
    }),
  },
  // `docker events --format json`; since Docker 1.10 with `Action` beside the older `status`.
  {
    hint: '"oom"',
    pattern: /"(?:Action|status)":\s?"oom"/,
    kill: ({ input }) => {
      const id = /"(?:ID|id)":\s?"([0-9a-f]{12,64})"/.exec(input)?.[1] ?? null;
      const name = /"name":\s?"([\w.-]{1,128})"/.exec(input)?.[1] ?? id;
      const seconds = Number(/"time":\s?(\d{9,11})\b/.exec(input)?.[1]);
      const time = Number.isNaN(seconds) ? {} : { time: new Date(seconds * 1_000).toISOString() };
      return { mechanism: 'container', name, container: id, constraint: 'container limit', ...time };
    },
  },
  {
    hint: 'TaskOOM event',
    pattern: /TaskOOM event.{0,60}?(?:ContainerID:|container_id:\\?")([0-9a-f]{12,64})/,
    kill: ([, id = null]) => ({
      mechanism: 'container',
      name: id,
      container: id,
      constraint: 'container limit',
    }),
  },
  {
    hint: 'OOMKilled',
    pattern: /"OOMKilled":\s?true|\bOOMKilled:true\b/,
    kill: () => ({ mechanism: 'container', signal: 'SIGKILL', constraint: 'container limit' }),
  },
  // `kubectl get pods`.
  {
    hint: 'OOMKilled',
    pattern: /^([a-z0-9][\w.-]{0,252}) +\d{1,3}\/\d{1,3} +(?:Init:)?OOMKilled\b/,
    kill: ([, name = null]) => ({
      mechanism: 'kubernetes',
      name,
      signal: 'SIGKILL',
      constraint: 'container limit',
    }),
  },
  {
    hint: 'OOMKilled',
    pattern: /(?:Reason:\s{1,20}|"?reason"?: ?"?|\s)OOMKilled\b/,
    kill: () => ({ mechanism: 'kubernetes', signal: 'SIGKILL', constraint: 'container limit' }),
  },
  {
    hint: 'System OOM encountered',
    pattern: /System OOM encountered, victim process: (.{1,64}?), pid: (\d{1,10})/,
    kill: ([, name = null, pid]) => ({
      mechanism: 'kubernetes',
      name,
      pid: Number(pid),
      signal: 'SIGKILL',
      constraint: 'CONSTRAINT_NONE',
    }),
  },
  {
    hint: 'low on resource: memory',
    pattern:
      /low on resource: memory\..{0,120}?Container (\S{1,128}) was using (\d{1,15}(?:[KMG]i|[kMG])?)\b/,
    kill: ([, name = null, size = '']) => ({
      mechanism: 'kubernetes',
      name,
      rssKb: kilobytesOf(size),
      constraint: 'eviction',
    }),
  },
  ...EXITS,
];

/** What a line says of a kill that was not the kernel's; undefined when it says nothing. */
export function otherKill(line: LogLine, lineNumber: number): Kill | undefined {
  for (const { hint, pattern, kill } of RECOGNISERS) {
    if (!line.text.includes(hint)) continue;
    const match = pattern.exec(line.text);
    const found = match === null ? undefined : kill(match, line);
    if (found === undefined) continue;
    const { time, uptimeSeconds, host } = line;
    return { ...UNTOLD, time, uptimeSeconds, host, line: lineNumber, ...found };
  }
  return undefined;
}

function unitAt(cgroup: string): Pick<Kill, 'cgroup' | 'name' | 'unit'> {
  const name = cgroup.slice(cgroup.lastIndexOf('/') + 1).slice(0, MOST_UNIT_CHARACTERS);
  return { cgroup, name, unit: name };
}

/** Why systemd-oomd acted: as much of it as the line tells. */
function pressureIn(why: string, cgroup: string): Pick<Kill, 'constraint' | 'limitCgroup'> {
  const swap = /being more than (\d{1,3}(?:\.\d{1,2})?%)/.exec(why)?.[1];
  if (swap !== undefined) return { constraint: `swap-used > ${swap}`, limitCgroup: null };
  const isPressure = why.startsWith(' to memory p');
  const limited = /memory pressure for (\/\S*[^\s>])(?=\s|$)/.exec(why)?.[1] ?? null;
  const [, share, limit] = /being (\d{1,20}(?:\.\d{1,2})?%) > (\d{1,3}(?:\.\d{1,2})?%)/.exec(why) ?? [];
  const constraint = share === undefined ? 'memory-pressure' : `memory-pressure ${share} > ${limit}`;
  return { constraint: isPressure ? constraint : null, limitCgroup: limited === cgroup ? null : limited };
}

function kilobytes(bytes: string | undefined): number | null {
  return bytes === undefined ? null : plausibleKb(Math.round(Number(bytes) / 1_024));
}
