import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

// Own memory of the process that keeps the workers, program pages not counted: 15 MiB at the start; 28 after 300
// scrapes, which load its HTTP server, and a replacement. The simulator in the same process: 40 in all after 3,000
// logins, its lists full. V8 leaves young garbage lying while memory is plenty, so these are upper bounds.
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
      en: 'measured: 15 MiB of its own at the start, 28 after 300 scrapes and a replacement',
      zh: '实测：启动时自有内存 15 MiB，抓取 300 次指标并替换一次后 28 MiB',
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
    source: { en: 'measured after 3,000 logins, its lists full', zh: '实测：3000 次登录后，列表写满时' },
  });
}
