import { formatBytes, GiB, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Larger boxes have room for a burst, and some want steady latency more. */
const SMALL_BOX_BYTES = 4 * GiB;

const NONE: Text = {
  en: 'there is no swap, and {total} of memory',
  zh: '没有交换空间，内存只有 {total}',
};

export const noSwap: Check = {
  id: 'A3',
  name: 'no-swap',
  group: 'memory',
  title: { en: 'Swap on a small box', zh: '小内存服务器的交换空间' },
  why: {
    en: 'Without swap nothing softens a burst: below 4 GiB the first peak of a few seconds ends in a kill. "No swap in production" is right for large boxes that live on latency, and wrong here.',
    zh: '没有交换空间，短暂的突发无处缓冲：4 GiB 以下的机器，几秒钟的峰值就会触发杀进程。“生产环境不用 swap” 适用于追求低延迟的大机器，不适用于这里。',
  },
  explanation: {
    en: 'Swap is a part of the disk on which the kernel puts memory that nobody has used for a long time. It is slow, but it turns a short peak into a delay instead of a killed process.',
    zh: '交换空间是磁盘上的一块区域，内核把很久没人用的内存页放到那里。它很慢，但能把短暂峰值变成一点延迟，而不是一次杀进程。',
  },
  async look(patient) {
    const [swaps, memory] = await Promise.all([patient.swaps(), patient.memoryInfo()]);
    if (swaps.kind !== 'value') return [cannotRead('/proc/swaps', swaps)];
    if (memory.kind !== 'value') return [cannotRead('/proc/meminfo', memory)];
    const total = memory.value.get('MemTotal') ?? 0;
    const sizes = swaps.value.map(({ path, totalBytes }) => `${path} ${formatBytes(totalBytes)}`);
    if (sizes.length > 0) return [{ kind: 'ok', evidence: sizes.join(', ') }];
    if (total >= SMALL_BOX_BYTES) return NOT_APPLICABLE;
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: NONE,
        data: { total: formatBytes(total) },
        evidence: `/proc/swaps has no line; MemTotal ${formatBytes(total)}`,
        fix: [
          {
            where: {
              en: 'as root; for ever by the line in /etc/fstab',
              zh: '以 root 执行；写入 /etc/fstab 后重启仍有效',
            },
            lines: [
              // fallocate leaves holes on the xfs of CentOS 7, which swapon refuses.
              'dd if=/dev/zero of=/swapfile bs=1M count=1024 && chmod 600 /swapfile',
              'mkswap /swapfile && swapon /swapfile',
              "echo '/swapfile none swap sw 0 0' >> /etc/fstab",
            ],
          },
        ],
      },
    ];
  },
};
