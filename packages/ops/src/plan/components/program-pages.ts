import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

// Node 26: a bare process is 42 MiB resident, 8 of them its own; the rest is the executable's file pages, which
// every further Node process on the box shares (rss_file of cluster workers: 36).
const PROGRAM_BYTES: Bytes = 36 * MiB;

/** The Node executable itself, resident once for all processes. */
export function programPages(): Component {
  return fixedComponent({
    code: 'PROGRAM_PAGES',
    name: { en: 'Node program, shared by all', zh: 'Node 程序（所有进程共享）' },
    bytes: PROGRAM_BYTES,
    formula: '36',
    source: {
      en: 'measured: file pages of the Node 26 executable that each further process shares',
      zh: '实测：Node 26 可执行文件的页面，多个进程只占一份',
    },
  });
}
