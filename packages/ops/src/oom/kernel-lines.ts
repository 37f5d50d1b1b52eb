import { plausibleKb } from './plausible-size.ts';

/** What one line of a kernel's report says; the kernel has worded most of them in several ways since 2.6.18. */
export type KernelLine =
  | { readonly kind: 'invoked'; readonly by: string; readonly scoreAdj: number | null }
  /** The one that the kernel chose; a child of it may die instead. */
  | {
      readonly kind: 'chosen';
      readonly pid: number;
      readonly name: string;
      readonly score: number;
      /** What the wording says of whose memory it was. */
      readonly constraint: string;
    }
  /** `constraint` where the wording tells it. */
  | ({ readonly kind: 'killed'; readonly constraint: string | undefined } & KilledProcess)
  | {
      readonly kind: 'constraint';
      readonly constraint: string;
      readonly limitCgroup: string | null;
      readonly cgroup: string | null;
      /** Who is about to die. */
      readonly victim: { readonly pid: number; readonly name: string } | null;
    }
  | { readonly kind: 'group'; readonly cgroup: string; readonly limitCgroup: string }
  | { readonly kind: 'usage'; readonly limitKb: number }
  | { readonly kind: 'kernel'; readonly version: string }
  | { readonly kind: 'swap'; readonly totalKb?: number; readonly freeKb?: number }
  | { readonly kind: 'ram'; readonly kb: number }
  | { readonly kind: 'reaped'; readonly pid: number; readonly name: string }
  /** All of a group are killed together (memory.oom.group). */
  | { readonly kind: 'whole-group'; readonly cgroup: string }
  /** Nothing was left to kill, and the machine stopped. */
  | { readonly kind: 'panic' };

export interface KilledProcess {
  readonly pid: number;
  readonly name: string;
  readonly anonRssKb: number | null;
  readonly rssKb: number | null;
  readonly scoreAdj: number | null;
}

const INVOKED = /(?:^|\s)(\S.{0,63}?) invoked oom-killer:(?:.{0,300}?oom_score_adj=(-?\d{1,5}))?/;
/** `Kill process 7 (node) score 786 or sacrifice child`; until 2.6.35 `kill process 7 (node) score 786 or a child`. */
const CHOSEN =
  /(Memory cgroup out of memory|Out of [Mm]emory|No available memory)([^:]{0,40}): [Kk]ill process (\d{1,10}),? \((.{0,64})\) score (\d{1,10})/;
/** `Killed process 7 (node) total-vm:…`, `…, UID 679, (java) total-vm:…`, `… (httpd), UID 48, total-vm:…`, `… (httpd).` */
const KILLED = /\bKilled process (\d{1,10})(?:,? UID:? ?\d{1,10},?)?,? ?\((.*)$/;
const BEHIND_NAME = /\)[,.]?\s*(?:UID[ :]?\d{1,10},?\s*)?(?:total-vm|vsz|anon-rss):/;
/** A name of 15 bytes may itself look like the end of one. */
const WHOLE_NAME = new RegExp(`^.{0,15}(?=${BEHIND_NAME.source})`);
const KB_OF_MB = 1_024;
const WORDING = /(Memory cgroup out of memory|Out of [Mm]emory|No available memory)([^:]{0,40}):/;
/** Builds of vendors count in MB. */
const SIZE = (name: string) => new RegExp(`${name}:(\\d{1,15}) ?([kKM])B`);
const [ANON, FILE, SHMEM] = [SIZE('anon-rss'), SIZE('file-rss'), SIZE('shmem-rss')];
const SCORE_ADJ = /oom_score_adj:(-?\d{1,5})/;
const CONSTRAINT = /oom-kill:constraint=([A-Z_]{1,40})(.*)$/;
const NEXT_VICTIM = /,task=(.{0,64}),pid=(\d{1,10})(?:,|$)/;
/** A group's name may hold commas, so it ends where the next field begins; or where the line is cut. */
const LIMIT_GROUP = /,oom_memcg=(\/.{0,4096}?)(?:,task_memcg=|,[a-z_]{0,10}$|$)/;
const GROUP = /,task_memcg=(\/.{0,4096}?)(?:,task=|,[a-z]{0,4}$|$)/;
const TASK_IN = /\bTask in (\/\S*) killed as a result of limit of (\/\S*)/;
const USAGE = /\bmemory: usage \d{1,20}kB, limit (\d{1,20})kB/;
const KERNEL =
  /(?:Not tainted|Tainted:.{0,60}?|Comm:.{0,40}?)\s(\d{1,2}\.\d{1,3}(?:\.\d{1,4})?[\w.+~-]{0,80})\s/;
const TOTAL_SWAP = /^\s?Total swap = (\d{1,15})kB/;
const FREE_SWAP = /^\s?Free swap\s{1,3}= (\d{1,15})kB/;
const PAGES_RAM = /^(\d{1,15}) pages RAM/;
const REAPED = /oom_reaper: reaped process (\d{1,10}) \((.{0,64})\)/;
const WHOLE_GROUP = /Tasks in (\/\S*) are going to be killed due to memory\.oom\.group set/;
const PANIC = /Kernel panic - not syncing: (?:System is deadlocked on memory|Out of memory|out of memory)/;
/** Every line that says anything has one of these words: asked first, since nearly all lines of a log have none. */
const ANY = /oom|[Kk]ill|limit|swap|pages |ainted|Comm:|comm:|panic/;

/** What a line of the kernel says of a kill; undefined when it says nothing. */
export function kernelLine(text: string): KernelLine | undefined {
  if (!ANY.test(text)) return undefined;
  return (
    killed(text) ??
    chosen(text) ??
    invoked(text) ??
    constraint(text) ??
    group(text) ??
    figures(text) ??
    afterwards(text)
  );
}

function invoked(text: string): KernelLine | undefined {
  const match = INVOKED.exec(text);
  if (match === null) return undefined;
  return { kind: 'invoked', by: match[1] ?? '', scoreAdj: match[2] === undefined ? null : Number(match[2]) };
}

function chosen(text: string): KernelLine | undefined {
  const match = CHOSEN.exec(text);
  if (match === null) return undefined;
  const [, wording = '', detail = '', pid, name = '', score] = match;
  return {
    kind: 'chosen',
    pid: Number(pid),
    name,
    score: Number(score),
    constraint: constraintOf(wording, detail),
  };
}

function killed(text: string): KernelLine | undefined {
  const match = KILLED.exec(text);
  if (match === null) return undefined;
  const rest = match[2] ?? '';
  const before = text.slice(0, match.index);
  const anon = sizeIn(text, ANON);
  const others = [sizeIn(text, FILE), sizeIn(text, SHMEM)];
  return {
    kind: 'killed',
    pid: Number(match[1]),
    name: nameIn(rest),
    anonRssKb: anon,
    rssKb: anon === null ? null : others.reduce<number>((sum, part) => sum + (part ?? 0), anon),
    scoreAdj: numberIn(text, SCORE_ADJ),
    constraint: wordingOf(before),
  };
}

function wordingOf(text: string): string | undefined {
  const match = WORDING.exec(text);
  return match === null ? undefined : constraintOf(match[1] ?? '', match[2] ?? '');
}

/** Of kernels that do not print it; 2.6 told apart what a process was bound to. */
function constraintOf(wording: string, detail: string): string {
  if (wording.startsWith('Memory cgroup')) return 'CONSTRAINT_MEMCG';
  if (/MPOL_BIND|MEMORY_POLICY/.test(detail)) return 'CONSTRAINT_MEMORY_POLICY';
  return /cpuset/i.test(detail) ? 'CONSTRAINT_CPUSET' : 'CONSTRAINT_NONE';
}

/** A name may hold brackets itself, so it ends at the one before what follows a name, else at the first. */
function nameIn(rest: string): string {
  const whole = WHOLE_NAME.exec(rest);
  if (whole !== null) return whole[0];
  const end = BEHIND_NAME.exec(rest) ?? /\)(?=[\s,.]|$)/.exec(rest);
  // Of a line that was cut, all that is left.
  return rest.slice(0, end?.index ?? 64).slice(0, 64);
}

function constraint(text: string): KernelLine | undefined {
  const match = CONSTRAINT.exec(text);
  if (match === null) return undefined;
  const rest = match[2] ?? '';
  const victim = NEXT_VICTIM.exec(rest);
  return {
    kind: 'constraint',
    victim: victim === null ? null : { name: victim[1] ?? '', pid: Number(victim[2]) },
    constraint: match[1] ?? '',
    limitCgroup: LIMIT_GROUP.exec(rest)?.[1] ?? null,
    cgroup: GROUP.exec(rest)?.[1] ?? null,
  };
}

function group(text: string): KernelLine | undefined {
  const match = TASK_IN.exec(text);
  if (match !== null) return { kind: 'group', cgroup: match[1] ?? '', limitCgroup: match[2] ?? '' };
  const whole = WHOLE_GROUP.exec(text);
  return whole === null ? undefined : { kind: 'whole-group', cgroup: whole[1] ?? '' };
}

function figures(text: string): KernelLine | undefined {
  const limitKb = sizeIn(text, USAGE);
  if (limitKb !== null) return { kind: 'usage', limitKb };
  const totalKb = sizeIn(text, TOTAL_SWAP);
  if (totalKb !== null) return { kind: 'swap', totalKb };
  const freeKb = sizeIn(text, FREE_SWAP);
  if (freeKb !== null) return { kind: 'swap', freeKb };
  const pages = sizeIn(text, PAGES_RAM);
  if (pages !== null) return { kind: 'ram', kb: pages * 4 };
  const version = KERNEL.exec(`${text} `)?.[1];
  return version === undefined ? undefined : { kind: 'kernel', version };
}

function afterwards(text: string): KernelLine | undefined {
  const match = REAPED.exec(text);
  if (match !== null) return { kind: 'reaped', pid: Number(match[1]), name: match[2] ?? '' };
  return PANIC.test(text) ? { kind: 'panic' } : undefined;
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function sizeIn(text: string, pattern: RegExp): number | null {
  const [, size, unit] = pattern.exec(text) ?? [];
  return size === undefined ? null : plausibleKb(Number(size) * (unit === 'M' ? KB_OF_MB : 1));
}
