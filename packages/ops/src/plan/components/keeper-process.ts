import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

// Own memory of the process that keeps the workers, program pages not counted. The simulator's share is what its
// HTTP server and its bounded lists add.
const KEEPER_BYTES: Bytes = 32 * MiB;
const SIMULATOR_BYTES: Bytes = 8 * MiB;

/** The process that keeps the workers alive. */
export function keeperProcess(): Component {
  return fixedComponent({
    code: 'KEEPER',
    name: { en: 'keeper', zh: '守护进程' },
    bytes: KEEPER_BYTES,
    formula: '32',
    source: {
      en: 'measured: 17 to 20 MiB of its own after an hour; the rest is room for its young generation',
      zh: '实测:运行一小时后自有内存 17–20 MiB,其余留给新生代',
    },
  });
}

/** The WeChat simulator inside the keeper's process. */
export function simulator(): Component {
  return fixedComponent({
    code: 'SIMULATOR',
    name: { en: 'WeChat simulator', zh: '微信模拟器' },
    bytes: SIMULATOR_BYTES,
    formula: '8',
    source: { en: 'measured, with its lists full', zh: '实测,列表写满时' },
  });
}
