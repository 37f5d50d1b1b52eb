import type { Bytes } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

/** What no component makes use of. */
export function freeMemory(bytes: Bytes): Component {
  return fixedComponent({
    code: 'FREE',
    name: { en: 'free', zh: '未分配' },
    bytes,
    formula: '',
    source: { en: 'more would not help these workers', zh: '再多对这些进程也没有用' },
  });
}
