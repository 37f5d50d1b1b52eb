import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

// 56 runs of Node servers under load never exceeded heap + 70 MiB, or heap + 85 with database drivers loaded
// (Node 24). 36 of these are the program pages, which have their own line.
const OUR_WORKER_BYTES: Bytes = (70 - 36) * MiB;
const ANY_WORKER_BYTES: Bytes = (85 - 36) * MiB;

const name = { en: 'code, stacks, allocator', zh: '代码、栈与分配器' };

/** What a worker of ours holds outside its heap before any request. */
export function workerBase(): Component {
  return fixedComponent({
    code: 'BASE',
    name,
    bytes: OUR_WORKER_BYTES,
    formula: '70 - 36',
    source: {
      en: 'upper bound of 56 runs, less the shared program; 21 to 27 in use when all is loaded',
      zh: '56 次实测的上界，减去共享的程序页；全部加载后实际占用 21–27',
    },
  });
}

/** The same for a program that we do not know, with room for its database drivers. */
export function anyWorkerBase(): Component {
  return fixedComponent({
    code: 'BASE',
    name,
    bytes: ANY_WORKER_BYTES,
    formula: '85 - 36',
    source: {
      en: 'upper bound of 56 runs with database drivers, less the shared program',
      zh: '56 次实测的上界（含数据库驱动），减去共享的程序页',
    },
  });
}
