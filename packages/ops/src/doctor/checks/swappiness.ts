import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { readKernelSetting } from '../facts/kernel-setting.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { setKernel } from '../repairs/kernel-setting-repair.ts';

/** The kernel's own default. Above it working memory is swapped for files, which only zram makes cheap. */
const MOST_WITHOUT_ZRAM = 60;
const ADVISED = 10;

const NEVER: Text = {
  en: 'vm.swappiness is 0: swap is only used when it is nearly too late',
  zh: 'vm.swappiness 为 0：几乎要到来不及时才使用交换空间',
};
const EAGER: Text = {
  en: 'vm.swappiness is {value}: memory in use is swapped to a disk early',
  zh: 'vm.swappiness 为 {value}：使用中的内存会过早换到磁盘',
};

export const swappiness: Check = {
  id: 'A5',
  name: 'swappiness',
  group: 'memory',
  title: { en: 'How eagerly the kernel swaps', zh: '内核换页的积极程度' },
  why: {
    en: 'With 0 swap is no cushion, as it is used at the very end only; above 60 (the default) the kernel swaps out what is needed again, which makes sense only where swap is compressed memory (zram).',
    zh: '设为 0 时只有到最后一刻才用交换空间，起不到缓冲作用；超过默认的 60 会把马上要用的内存换出，只有 zram（压缩内存）才适合。',
  },
  explanation: {
    en: 'A number from 0 to 200 that tells the kernel what to give up first when memory is short: cached files (low) or memory of programs (high). Images of some clouds set it to 0.',
    zh: '0 到 200 的数值，决定内存紧张时先放弃什么：文件缓存（值小）还是程序内存（值大）。部分云厂商的镜像把它设成了 0。',
  },
  async look(patient) {
    const [swaps, value] = await Promise.all([
      patient.swaps(),
      readKernelSetting(patient.host, 'vm.swappiness'),
    ]);
    if (value.kind !== 'value') return [cannotRead('/proc/sys/vm/swappiness', value)];
    if (swaps.kind !== 'value') return [cannotRead('/proc/swaps', swaps)];
    if (swaps.value.length === 0) return NOT_APPLICABLE;
    const hasZram = swaps.value.some(({ isZram }) => isZram);
    const evidence = `vm.swappiness = ${value.value}${hasZram ? ', zram' : ''}`;
    const isEager = value.value > MOST_WITHOUT_ZRAM && !hasZram;
    if (value.value !== 0 && !isEager) return [{ kind: 'ok', evidence }];
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: isEager ? EAGER : NEVER,
        data: { value: value.value },
        evidence,
        ...setKernel('vm.swappiness', ADVISED, await patient.isInsideContainer()),
      },
    ];
  },
};
