import { formatBytes, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { adviseHeap } from '../facts/advised-heap.ts';
import type { NodeGroup } from '../facts/node-groups.ts';
import { heapLimitBytes, OUTSIDE_HEAP_BYTES, SHARED_PROGRAM_BYTES } from '../facts/v8-heap.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { setNodeFlags } from '../repairs/set-node-flags.ts';

const TOO_BIG: Text = {
  en: '{name}: its {count} Node processes may grow to {sum}, and {room} is what {holder}',
  zh: '{name}：{count} 个 Node 进程最多可涨到 {sum}，而{holder}只有 {room}',
};
const OF_LIMIT: Text = { en: 'its limit allows', zh: '其内存上限' };
const OF_BOX: Text = { en: 'the box can give', zh: '机器能给它的' };

export const nodeHeapTooBig: Check = {
  id: 'C3',
  name: 'node-heap-too-big',
  group: 'node',
  title: { en: 'Node heaps that do not fit', zh: 'Node 堆上限放不下' },
  why: {
    en: 'A process may take its old space, three semi-spaces and 85 MiB more (never exceeded in 56 runs). `--max-old-space-size=1536` on 2 GB means a V8 limit of 1632 MB: the kernel kills long before V8 reports anything, so there is neither stack nor snapshot.',
    zh: '一个进程最多占用：老生代 + 3 个半空间 + 85 MiB（56 次实测从未超过）。2 GB 机器上 `--max-old-space-size=1536` 实际是 1632 MB 的 V8 上限：V8 还没报错，内核就先杀了进程，没有堆栈也没有快照。',
  },
  explanation: {
    en: 'A limit helps only if it is reached before the memory ends. The sum counts each process once, and the pages of the Node program that they share once for all.',
    zh: '只有在内存用完之前先碰到上限，上限才有意义。这里把每个进程的上界相加，进程间共享的 Node 程序页只算一次。',
  },
  async look(patient) {
    const groups = await patient.nodeGroups();
    if (groups.kind === 'absent') return NOT_APPLICABLE;
    if (groups.kind !== 'value') return [cannotRead('/proc', groups)];
    const limited = groups.value.filter(({ apps }) =>
      apps.some(({ flags }) => flags.oldSpaceMb !== undefined),
    );
    return limited.length === 0 ? NOT_APPLICABLE : limited.map(judge);
  },
};

function judge(group: NodeGroup): Outcome {
  const { name, apps, roomBytes, limitBytes, seenBytes } = group;
  const sum = apps.reduce(
    (total, { flags, version }) => {
      const major = version.kind === 'value' ? version.value.major : undefined;
      return total + heapLimitBytes(flags, seenBytes, major) + OUTSIDE_HEAP_BYTES;
    },
    -SHARED_PROGRAM_BYTES * (apps.length - 1),
  );
  const evidence = `${name}: ${apps.length} processes, at most ${formatBytes(sum)} of ${formatBytes(roomBytes)}`;
  const [first] = apps;
  if (sum <= roomBytes || first === undefined) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'critical',
    text: TOO_BIG,
    data: {
      name,
      count: apps.length,
      sum: formatBytes(sum),
      room: formatBytes(roomBytes),
      holder: limitBytes === null ? OF_BOX : OF_LIMIT,
    },
    evidence,
    fix: setNodeFlags(first, adviseHeap(group).flags),
  };
}
