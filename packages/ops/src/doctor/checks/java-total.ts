import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { JavaProcess } from '../facts/java-processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

// The parts and their sizes are those of the memory calculators of Cloud Foundry and Paketo.
/** 13,000 classes of a Spring Boot web application: 5800 bytes each and 14 MB. */
const METASPACE: Bytes = 89 * MiB;
const CODE_CACHE: Bytes = 240 * MiB;
const STACK: Bytes = MiB;
const DIRECT: Bytes = 10 * MiB;
/** Of a Tomcat that serves few at a time, where the threads cannot be counted. */
const THREADS = 50;
/** A JVM of a box without a limit shares with the system. */
const SYSTEM: Bytes = 180 * MiB;
const DEFAULT_PERCENT = 25;

const TOO_MUCH: Text = {
  en: '{name} may take {sum} of {room}: heap {heap}, classes {metaspace}, compiled code {code}, {threads} threads {stacks}, buffers {direct}',
  zh: '{name} 最多可占 {sum}，而可用只有 {room}：堆 {heap}、类元数据 {metaspace}、编译代码 {code}、{threads} 个线程 {stacks}、直接内存 {direct}',
};

export const javaTotal: Check = {
  id: 'H4',
  name: 'java-total',
  group: 'neighbours',
  title: { en: 'All that Java may take', zh: 'Java 内存总和' },
  why: {
    en: 'A JVM is its heap, and classes, compiled code (240 MiB reserved unless told), a stack of 1 MiB a thread and direct buffers. When the sum is above its limit, the kernel kills it long before Java reports anything.',
    zh: 'JVM 除了堆，还有类元数据、编译代码（默认预留 240 MiB）、每线程 1 MiB 的栈和直接内存。总和超过上限时，内核会在 Java 报错之前就杀掉它。',
  },
  explanation: {
    en: 'Add the parts up, and lower what is too large: the heap, the code cache (programs of this kind use 5 to 14 MiB), the number of threads, their stacks. SerialGC saves 46 MiB against G1 (measured).',
    zh: '把各部分加起来，调小过大的：堆、代码缓存（这类程序实际用 5–14 MiB）、线程数与线程栈。用 SerialGC 比 G1 省 46 MiB（实测）。',
  },
  async look(patient) {
    const found = await patient.javaProcesses();
    if (found.kind === 'absent') return NOT_APPLICABLE;
    if (found.kind !== 'value') return [cannotRead('/proc', found)];
    const room = await patient.memoryRoom();
    if (room.kind !== 'value') return [cannotRead('/proc/meminfo', room)];
    return found.value.map((java) => judge(java, room.value.totalBytes));
  },
};

function judge(java: JavaProcess, total: Bytes): Outcome {
  const room = java.limitBytes === null ? total - SYSTEM : Math.min(java.limitBytes, total);
  const seen = java.limitBytes === null ? total : room;
  const heap = java.heapBytes ?? (seen * (java.heapPercent ?? DEFAULT_PERCENT)) / 100;
  const threads = java.threads ?? THREADS;
  const metaspace = java.metaspaceBytes ?? METASPACE;
  const code = java.codeCacheBytes ?? CODE_CACHE;
  const stacks = threads * (java.stackBytes ?? STACK);
  const direct = java.directBytes ?? DIRECT;
  const sum = heap + metaspace + code + stacks + direct;
  const evidence = `${java.name} (pid ${java.process.pid}): ${formatBytes(sum)} of ${formatBytes(room)}`;
  if (sum <= room) return { kind: 'ok', evidence };
  const parts = Object.entries({ sum, room, heap, metaspace, code, stacks, direct });
  const data = {
    name: java.name,
    threads,
    ...Object.fromEntries(parts.map(([name, bytes]) => [name, formatBytes(bytes)])),
  };
  const fits = Math.floor((room - metaspace - 64 * MiB - stacks / 2 - direct) / MiB);
  return {
    kind: 'finding',
    severity: 'critical',
    text: TOO_MUCH,
    data,
    evidence,
    fix: [
      {
        where: { en: 'in its command line, or in JAVA_TOOL_OPTIONS', zh: '写在启动参数或 JAVA_TOOL_OPTIONS' },
        lines: [
          ...(fits >= 64
            ? [`-Xmx${fits}m`]
            : ['# even without a heap it does not fit: give it a larger limit, or another box']),
          '-XX:ReservedCodeCacheSize=64m -Xss512k -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError',
        ],
      },
    ],
  };
}
