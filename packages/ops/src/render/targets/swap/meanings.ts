import { defineMeanings } from '../../meaning.ts';

export const meanings = defineMeanings('swap', {
  fileSize: {
    short: { en: 'size of the swap file, in MiB', zh: '交换文件大小（MiB）' },
    explanation: {
      en: 'A parking place for what is not in use, so that a burst does not kill at once. Too small, it is full when it is wanted; too large, a leak thrashes for an hour before it dies.',
      zh: '停放暂时不用的内存，避免一次高峰就杀进程。太小，用时已满；太大，泄漏会让机器抖动很久才结束。',
    },
    source: {
      en: 'Half of the memory, 1 to 2 GiB, and at most a tenth of what is free on the disk. Check A3 of the doctor.',
      zh: '内存的一半，1 到 2 GiB，且不超过磁盘空闲的十分之一。对应体检 A3。',
    },
  },
  zramSize: {
    short: { en: 'so much is compressed in memory, in bytes', zh: '压缩存放在内存中的容量（字节）' },
    explanation: {
      en: 'Where the disk has no room for a file: what is not in use is compressed and stays in memory, at about a third of its size. More than half of the memory would squeeze what is in use.',
      zh: '磁盘放不下交换文件时使用：不用的内存压缩后留在内存里，大约占三分之一。超过内存一半会挤占正在使用的部分。',
    },
    source: { en: 'Three eighths of the memory. An assumption.', zh: '内存的八分之三，为假定值。' },
  },
  priority: {
    short: { en: 'used before any swap on a disk', zh: '优先于磁盘上的交换空间' },
    explanation: {
      en: 'The kernel fills the swap of the highest priority first. Memory is a thousand times faster than a disk.',
      zh: '内核先用优先级最高的交换空间；内存比磁盘快上千倍。',
    },
    source: {
      en: '100, as zram-generator of systemd has it.',
      zh: '100，与 systemd 的 zram-generator 一致。',
    },
  },
  startTimeout: {
    short: { en: 'so long the file may take to be written, in seconds', zh: '写入交换文件的最长时间（秒）' },
    explanation: {
      en: 'The first start writes all of it. The cheapest disks manage 20 MB/s for a while; when it takes longer, the file is thrown away and made at the next start.',
      zh: '首次启动要写满整个文件。最便宜的云盘也有约 20 MB/s；超时则丢弃，下次启动再建。',
    },
    source: { en: '10 minutes. An assumption.', zh: '10 分钟，为假定值。' },
  },
});
