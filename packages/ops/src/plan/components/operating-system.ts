import { type Bytes, MiB } from '@maque/kit';
import type { BoxFacts } from '../box-facts.ts';
import { type Component, fixedComponent } from '../component.ts';

// Assumed, not measured, with an error of 60 MiB either way; cloud vendors' agents can take 100 MiB and more on top.
const BASE_BYTES: Bytes = 180 * MiB;

/** What the operating system needs out of `facts.memoryBytes`: nothing inside a cgroup, where it lives outside. */
export function operatingSystemBytes(facts: Pick<BoxFacts, 'bound'>): Bytes {
  return facts.bound === 'box' ? BASE_BYTES : 0;
}

export function operatingSystem(): Component {
  return fixedComponent({
    code: 'OPERATING_SYSTEM',
    name: { en: 'operating system', zh: '操作系统' },
    bytes: BASE_BYTES,
    formula: '180',
    source: {
      en: 'assumed: kernel, sshd, cron, journald of a fresh Debian; 60 more or less',
      zh: '假定：全新 Debian 的内核、sshd、cron、journald，误差 ±60',
    },
  });
}
