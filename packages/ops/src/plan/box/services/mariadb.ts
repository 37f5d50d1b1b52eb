import { fixedPart, fromMiB, type Part } from '../part.ts';
import { databaseModel } from './database.ts';

// With small global buffers (Aria 8M, key buffer 1M, log buffer 4M, 200 tables open), two arenas of the allocator and the
// pool warm, all 20 MiB of its program and libraries counted: 50 to 62 in 40 runs with 2 to 10 busy connections and pools
// of 32 to 256 (docs/reference/plan-reality.md). 7 is the largest deviation that was seen, taken into the bound.
const BASE_MB = 55;
const ERROR_MB = 7;

export const mariadb = databaseModel('mariadb', base);

function base(): Part {
  return fixedPart({
    code: 'DATABASE',
    name: { en: 'MariaDB itself', zh: 'MariaDB 本身' },
    bytes: fromMiB(BASE_MB + ERROR_MB),
    formula: `${BASE_MB} + ${ERROR_MB}`,
    errorBytes: fromMiB(ERROR_MB),
    source: {
      en: 'measured: MariaDB 10.11 with small global buffers and two arenas, and the largest deviation',
      zh: '实测：MariaDB 10.11，全局缓冲区调小、内存分配区限为两个，并加上最大偏差',
    },
  });
}
