import { fixedPart, fromMiB, type Part } from '../part.ts';
import { databaseModel } from './database.ts';

// With small global buffers (Aria 8M, key buffer 1M, log buffer 4M, 200 tables open) and the pool warm; 91 at the
// defaults. 5.5 is the largest deviation that was seen, taken into the bound.
const BASE_MB = 41;
const ERROR_MB = 5.5;

export const mariadb = databaseModel('mariadb', base);

function base(): Part {
  return fixedPart({
    code: 'DATABASE',
    name: { en: 'MariaDB itself', zh: 'MariaDB 本身' },
    bytes: fromMiB(BASE_MB + ERROR_MB),
    formula: `${BASE_MB} + ${ERROR_MB}`,
    errorBytes: fromMiB(ERROR_MB),
    source: {
      en: 'measured: MariaDB 10.11 with small global buffers, and the largest deviation',
      zh: '实测:MariaDB 10.11,全局缓冲区调小后,并加上最大偏差',
    },
  });
}
