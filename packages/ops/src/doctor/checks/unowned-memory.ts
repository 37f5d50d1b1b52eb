import { type Bytes, formatBytes, KiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { programName } from '../facts/program.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** On 2 GiB as much as a second application would need. */
const WARN_SHARE = 0.1;
/** More mounts than anybody reads. */
const SHOWN_MOUNTS = 3;

const SLAB: Text = {
  en: "the kernel's own tables hold {size} ({share} %) that cannot be given back",
  zh: '内核自身的数据结构占用 {size}（{share}%），且无法回收',
};
const SHARED: Text = {
  en: 'shared memory and files in memory hold {size} ({share} %); tmpfs: {mounts}',
  zh: '共享内存和内存中的文件占用 {size}（{share}%）；tmpfs：{mounts}',
};

export const unownedMemory: Check = {
  id: 'A12',
  name: 'unowned-memory',
  group: 'memory',
  title: { en: 'Memory that belongs to no process', zh: '不属于任何进程的内存' },
  why: {
    en: 'Memory of the kernel and files in tmpfs appear in no list of processes: "free says 1.2 GB are used, and ps finds 600 MB". Above a tenth of the box it is worth a look.',
    zh: '内核内存和 tmpfs 里的文件不会出现在进程列表中：“free 显示用了 1.2 GB，ps 只有 600 MB”。超过总内存的十分之一就值得查看。',
  },
  explanation: {
    en: 'Files in /dev/shm, /run and often /tmp are not on the disk: they are memory until somebody deletes them. The kernel also keeps tables for open files, sockets and containers, which a fault can make grow.',
    zh: '/dev/shm、/run，有时还有 /tmp 里的文件并不在磁盘上，在被删除之前一直占用内存。内核还为打开的文件、连接和容器维护数据结构，出现故障时也会不断增长。',
  },
  async look(patient) {
    const memory = await patient.memoryInfo();
    if (memory.kind !== 'value') return [cannotRead('/proc/meminfo', memory)];
    const [total = 0, slab = 0, shared = 0] = ['MemTotal', 'SUnreclaim', 'Shmem'].map((name) =>
      memory.value.get(name),
    );
    const unowned = Math.max(0, shared - (await sharedBuffers(patient)));
    const found = [
      ...(slab > WARN_SHARE * total ? [slabOutcome(slab, total)] : []),
      ...(unowned > WARN_SHARE * total ? [await sharedOutcome(patient, unowned, total)] : []),
    ];
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: `SUnreclaim ${formatBytes(slab)}, Shmem ${formatBytes(shared)}` }];
  },
};

function slabOutcome(slab: Bytes, total: Bytes): Outcome {
  return {
    kind: 'finding',
    severity: 'warning',
    text: SLAB,
    data: { size: formatBytes(slab), share: Math.round((slab / total) * 100) },
    evidence: `SUnreclaim ${formatBytes(slab)}`,
    fix: [
      {
        where: { en: 'as root: which table it is', zh: '以 root 查看是哪种结构' },
        lines: ['slabtop -o | head -15'],
      },
    ],
  };
}

async function sharedOutcome(patient: Patient, shared: Bytes, total: Bytes): Promise<Outcome> {
  const mounts = (await usedTmpfs(patient)).slice(0, SHOWN_MOUNTS);
  return {
    kind: 'finding',
    severity: 'warning',
    text: SHARED,
    data: {
      size: formatBytes(shared),
      share: Math.round((shared / total) * 100),
      mounts: mounts.map(({ path, used }) => `${path} ${formatBytes(used)}`).join(', '),
    },
    evidence: `Shmem ${formatBytes(shared)}`,
    fix: [
      {
        where: {
          en: 'what lies there, then delete it or move it to a disk',
          zh: '查看内容，然后删除或移到磁盘',
        },
        lines: mounts.map(({ path }) => `du -xah ${path} | sort -h | tail`),
      },
    ],
  };
}

/** Largest first. */
async function usedTmpfs({ host }: Patient): Promise<readonly { path: string; used: Bytes }[]> {
  const mounts = await host.read('/proc/mounts');
  if (mounts.kind !== 'value') return [];
  const lines = mounts.value.split('\n').map((line) => line.split(' '));
  const paths = [
    ...new Set(lines.filter(([, , type]) => type === 'tmpfs').flatMap(([, path]) => path ?? [])),
  ];
  const spaces = await Promise.all(paths.map((path) => host.space(path)));
  return paths
    .map((path, index) => {
      const space = spaces[index];
      return { path, used: space?.kind === 'value' ? space.value.totalBytes - space.value.freeBytes : 0 };
    })
    .filter(({ used }) => used > 0)
    .sort((one, other) => other.used - one.used);
}

/** PostgreSQL's buffers are shared memory, and are meant to be; MariaDB's and MySQL's are not. */
async function sharedBuffers(patient: Patient): Promise<Bytes> {
  const processes = await patient.processes();
  if (processes.kind !== 'value') return 0;
  const pids = processes.value.filter((process) => programName(process) === 'postgres').map(({ pid }) => pid);
  const statuses = await Promise.all(pids.map((pid) => patient.host.read(`/proc/${pid}/status`)));
  const sizes = statuses.map((status) =>
    status.kind === 'value' ? Number(/^RssShmem:\s+(\d+) kB$/m.exec(status.value)?.[1] ?? 0) * KiB : 0,
  );
  return Math.max(0, ...sizes);
}
