import { formatBytes, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { JavaProcess } from '../facts/java-processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** What the JVM takes of the memory that it sees, unless told. */
const DEFAULT_SHARE = 0.25;

const UNSET: Text = {
  en: '{name} has no -Xmx: its heap is a quarter of what it sees ({heap}), and nothing bounds the rest of it',
  zh: '{name} 没有设置 -Xmx：堆取可见内存的四分之一（{heap}），其余部分没有上限',
};
const HIDDEN: Text = {
  en: "{name}: no -Xmx in its command line; its environment, where it may stand as well, is root's to read",
  zh: '{name}：命令行中没有 -Xmx，也可能写在环境变量里，但需要 root 才能读取',
};

export const javaHeap: Check = {
  id: 'H3',
  name: 'java-heap',
  group: 'neighbours',
  title: { en: 'Heap limit of Java', zh: 'Java 堆上限' },
  why: {
    en: 'Without -Xmx the heap may take 25 % of RAM, 512 MB on 2 GiB (measured), whatever else runs there; and classes, compiled code, threads and buffers come on top without any limit.',
    zh: '未设 -Xmx 时，堆可占 25% 的内存（2 GiB 机器为 512 MB，实测），不管同机还有什么；类元数据、编译代码、线程与缓冲区还要另算，且没有上限。',
  },
  explanation: {
    en: 'The heap is where Java keeps its objects; -Xmx is the most that it may take. On a small box say it, and say it so that all parts together fit (check H4).',
    zh: 'Java 的对象都放在堆里，-Xmx 是它的上限。小机器上必须写明，并让各部分加起来放得下（见 H4）。',
  },
  async look(patient) {
    const found = await patient.javaProcesses();
    if (found.kind === 'absent') return NOT_APPLICABLE;
    if (found.kind !== 'value') return [cannotRead('/proc', found)];
    const room = await patient.memoryRoom();
    const total = room.kind === 'value' ? room.value.totalBytes : null;
    return found.value.map((java) => judge(java, total));
  },
};

function judge(java: JavaProcess, total: number | null): Outcome {
  const { name, heapBytes, heapPercent, limitBytes, process } = java;
  const evidence = `${name} (pid ${process.pid}): -Xmx ${heapBytes === null ? 'not set' : formatBytes(heapBytes)}`;
  if (heapBytes !== null || heapPercent !== null) return { kind: 'ok', evidence };
  if (!java.knowsEnvironment) return { kind: 'unknown', reason: HIDDEN, data: { name } };
  const seen = limitBytes ?? total;
  return {
    kind: 'finding',
    severity: 'warning',
    text: UNSET,
    data: { name, heap: seen === null ? '25 %' : formatBytes(seen * DEFAULT_SHARE) },
    evidence,
    fix: [
      {
        where: { en: 'in its command line, or in JAVA_TOOL_OPTIONS', zh: '写在启动参数或 JAVA_TOOL_OPTIONS' },
        lines: [
          '-Xmx256m -XX:MaxMetaspaceSize=112m -XX:ReservedCodeCacheSize=64m -Xss512k -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError',
        ],
      },
    ],
  };
}
