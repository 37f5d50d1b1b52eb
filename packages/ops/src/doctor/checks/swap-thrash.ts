import { type Milliseconds, SECOND, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { readVirtualMemoryCounters } from '../facts/virtual-memory-counters.ts';
import type { Host, Reading } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

// A page is 4 KiB: 100 a second are what waking one sleeping program takes, 1000 keep a cloud disk busy.
const WARN_PAGES_PER_SECOND = 100;
const CRITICAL_PAGES_PER_SECOND = 1_000;
// A program that wakes up swaps in once; who swaps in two looks on end does so all the time. The whole examination is to
// take 3 s, so ten seconds are not to be had.
const LOOKS = 2;
const LOOK_MS: Milliseconds = 0.7 * SECOND;

const THRASHING: Text = {
  en: '{rate} pages a second move between memory and swap',
  zh: '每秒有 {rate} 个页面在内存与交换空间之间来回',
};

export const swapThrash: Check = {
  id: 'A4',
  name: 'swap-thrash',
  group: 'memory',
  title: { en: 'Swap in constant use', zh: '交换空间被频繁使用' },
  why: {
    en: 'Swap as a parking place is fine, swap as working memory is not: above 100 pages a second requests wait for the disk, above 1000 nothing else happens.',
    zh: '交换空间用来停放闲置内存没问题，当工作内存用就不行：超过每秒 100 页，请求开始等磁盘；超过 1000 页，机器几乎只在换页。',
  },
  explanation: {
    en: 'If more memory is in use than there is, the kernel carries the same pages to the disk and back again. The machine looks busy and answers nothing.',
    zh: '真正在用的内存超过物理内存时，内核会把同样的页面反复写到磁盘再读回。机器看起来很忙，却几乎不响应请求。',
  },
  async look(patient) {
    const swaps = await patient.swaps();
    if (swaps.kind === 'value' && swaps.value.length === 0) return NOT_APPLICABLE;
    const rate = await steadyRate(patient.host);
    if (rate.kind !== 'value') return [cannotRead('/proc/vmstat', rate)];
    const pages = Math.round(rate.value);
    const evidence = `pswpin + pswpout: ${pages}/s`;
    if (pages <= WARN_PAGES_PER_SECOND) return [{ kind: 'ok', evidence }];
    return [
      {
        kind: 'finding',
        severity: pages > CRITICAL_PAGES_PER_SECOND ? 'critical' : 'warning',
        text: THRASHING,
        data: { rate: pages },
        evidence,
        fix: [
          {
            where: {
              en: 'see who is swapped, then give the largest a smaller limit',
              zh: '先看谁被换出，再降低占用最多者的上限',
            },
            lines: ['grep VmSwap /proc/[0-9]*/status | sort -k2 -nr | head', 'maque plan'],
          },
        ],
      },
    ];
  },
};

/** Pages a second in the calmer of the looks. */
async function steadyRate(host: Host): Promise<Reading<number>> {
  let before = await readVirtualMemoryCounters(host);
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS && least > WARN_PAGES_PER_SECOND; look += 1) {
    if (before.kind !== 'value') return before;
    await host.wait(LOOK_MS);
    const after = await readVirtualMemoryCounters(host);
    if (after.kind !== 'value') return after;
    least = Math.min(least, ((moved(after.value) - moved(before.value)) / LOOK_MS) * SECOND);
    before = after;
  }
  return { kind: 'value', value: least };
}

function moved(counters: ReadonlyMap<string, number>): number {
  return (counters.get('pswpin') ?? 0) + (counters.get('pswpout') ?? 0);
}
