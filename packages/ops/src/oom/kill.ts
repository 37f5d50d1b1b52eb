/** Who or what ended a process for want of memory, or told of it. */
export const KILL_MECHANISMS = [
  'kernel-oom',
  'earlyoom',
  'nohang',
  /** Android's own, also in containers that run it. */
  'lmkd',
  'systemd-oomd',
  /** systemd's remark on one of its units; the kernel's own lines are missing. */
  'systemd-note',
  /** The kernel's lines and systemd's remark on the same kill. */
  'kernel-oom+systemd-note',
  /** V8 gave up by itself: the heap reached its limit. */
  'v8-heap-limit',
  /** Java threw: its heap, or another part that it limits itself, was full. */
  'jvm-heap-limit',
  /** A request of PHP needed more than memory_limit. */
  'php-memory-limit',
  /** A program asked the system for memory, was told that there is none, and ended. */
  'allocation-failed',
  'pm2-restart',
  'container',
  'kubernetes',
  /** Somebody tells no more than that a process ended by SIGKILL or abort: 137 or 134. */
  'exit-status',
] as const;

export type KillMechanism = (typeof KILL_MECHANISMS)[number];

/** A process, or all of one name, that had more of the memory than the one that died. */
export interface Culprit {
  readonly name: string;
  /** Null for several processes of one name. */
  readonly pid: number | null;
  readonly processes: number;
  /** Resident and swapped out, as far as it is told. */
  readonly memoryKb: number | null;
  /** The kernel's points for it, where it was chosen and another died. */
  readonly score: number | null;
}

/** Processes of one name at the moment of a kill. */
export interface MemoryShare {
  readonly name: string;
  readonly processes: number;
  readonly residentKb: number;
  readonly swappedKb: number;
}

/** Programs that stand in the kernel's table and are not kept one by one, and what they had together. */
export interface MemoryRest {
  readonly programs: number;
  readonly residentKb: number;
  readonly swappedKb: number;
}

/** One process, or one unit, that was killed for want of memory. What the text does not tell is null. */
export interface Kill {
  readonly mechanism: KillMechanism;
  readonly pid: number | null;
  /** As printed: at most 15 bytes of a thread's name, spaces and brackets included; or a unit's, or a container's. */
  readonly name: string | null;
  readonly anonRssKb: number | null;
  /** All resident memory. */
  readonly rssKb: number | null;
  /** How many processes, where a whole unit was killed. */
  readonly processes: number;
  readonly signal: string | null;
  /** Whose limit: `CONSTRAINT_NONE` is the whole machine, `CONSTRAINT_MEMCG` a control group. */
  readonly constraint: string | null;
  /** It follows from the wording: kernels before 4.19 do not print it. */
  readonly constraintInferred: boolean;
  /** Where the victim lived. */
  readonly cgroup: string | null;
  /** The group whose limit was hit, where it is another than the victim's own. */
  readonly limitCgroup: string | null;
  /** Of that group; of a heap, what it had reached. */
  readonly limitKb: number | null;
  readonly oomScoreAdj: number | null;
  readonly unit: string | null;
  /** Its id, at most 64 digits, where the group or the line tells one. */
  readonly container: string | null;
  /** The machine, where the log tells it. */
  readonly host: string | null;
  readonly kernel: string | null;
  /** ISO 8601, with the zone where it is told; null where only the uptime is known. */
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
  /** Null where the victim is the culprit, or nothing tells. */
  readonly culprit: Culprit | null;
  /** Who asked for the memory that was not there. */
  readonly invokedBy: string | null;
  /** Memory by name, largest first, of the processes that the kernel looked at; empty where it printed none. */
  readonly memory: readonly MemoryShare[];
  /** What of that is not kept: of a log of many kills the older ones keep only their largest. */
  readonly memoryLeftOut: MemoryRest;
  /** Free swap of the machine, where it is told; 0 where there is none. */
  readonly freeSwapKb: number | null;
  readonly totalSwapKb: number | null;
  readonly ramKb: number | null;
  /** Whether the report was there from its first line to its last. */
  readonly complete: boolean;
  /** Of what was read, counted from 1. */
  readonly line: number;
}
