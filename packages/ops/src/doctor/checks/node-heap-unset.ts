import { formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { adviseHeap } from '../facts/advised-heap.ts';
import type { NodeGroup } from '../facts/node-groups.ts';
import { heapLimitBytes } from '../facts/v8-heap.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { setNodeFlags } from '../repairs/set-node-flags.ts';

const UNSET: Text = {
  en: '{name}: {count} Node processes without --max-old-space-size; each may take {each} of heap, together {sum} of {seen}',
  zh: '{name}：{count} 个 Node 进程未设置 --max-old-space-size；每个堆最多可到 {each}，合计 {sum}，而内存为 {seen}',
};
const HIDDEN: Text = {
  en: '{name}: its environment cannot be read, and a limit may stand in NODE_OPTIONS; run the doctor as root',
  zh: '{name}：无法读取其环境变量，上限可能写在 NODE_OPTIONS 里；请以 root 运行',
};

export const nodeHeapUnset: Check = {
  id: 'C2',
  name: 'node-heap-unset',
  group: 'node',
  title: { en: 'Node without a heap limit', zh: 'Node 未设置堆上限' },
  why: {
    en: 'By itself V8 takes half of the memory that it sees, for each process: 1120 MB on 2 GiB with Node 24, 1072 with Node 26. `pm2 -i max` on 2 cores promises more than there is.',
    zh: '不设置时，V8 给每个进程的堆上限约为可见内存的一半：2 GiB 上 Node 24 为 1120 MB，Node 26 为 1072 MB。2 核上 `pm2 -i max` 承诺的就超过整机内存。',
  },
  explanation: {
    en: 'V8 collects garbage lazily as long as it believes that there is room. Without a limit each process believes that half of the machine is its own, and a leak ends with the kernel killing something instead of an error that names the place.',
    zh: 'V8 只要觉得还有空间就不急着回收。没有上限时，每个进程都以为半台机器归自己；一旦泄漏，结果是内核杀进程，而不是一个能指出位置的错误。',
  },
  async look(patient) {
    const groups = await patient.nodeGroups();
    if (groups.kind === 'absent') return NOT_APPLICABLE;
    if (groups.kind !== 'value') return [cannotRead('/proc', groups)];
    return groups.value.map(judge);
  },
};

function judge(group: NodeGroup): Outcome {
  const { name, seenBytes, apps } = group;
  const unset = apps.filter(({ flags }) => flags.oldSpaceMb === undefined && flags.percentage === undefined);
  const [first] = unset;
  if (first === undefined)
    return { kind: 'ok', evidence: `${name}: ${apps.map(({ flags }) => heapWords(flags)).join(', ')}` };
  if (!first.knowsFlags) return { kind: 'unknown', reason: HIDDEN, data: { name } };
  const heaps = unset.map(({ flags, version }) =>
    heapLimitBytes(flags, seenBytes, version.kind === 'value' ? version.value.major : undefined),
  );
  const sum = heaps.reduce((total, bytes) => total + bytes, 0);
  return {
    kind: 'finding',
    severity: sum > seenBytes ? 'critical' : 'warning',
    text: UNSET,
    data: {
      name,
      count: unset.length,
      each: formatBytes(heaps[0] ?? 0),
      sum: formatBytes(sum),
      seen: formatBytes(seenBytes),
    },
    evidence: `pid ${unset.map(({ process }) => process.pid).join(', ')}: no --max-old-space-size in the command line or NODE_OPTIONS`,
    fix: setNodeFlags(first, adviseHeap(group).flags),
  };
}

function heapWords({
  oldSpaceMb,
  percentage,
}: {
  oldSpaceMb: number | undefined;
  percentage: number | undefined;
}) {
  return oldSpaceMb === undefined ? `${percentage} %` : formatBytes(oldSpaceMb * MiB);
}
