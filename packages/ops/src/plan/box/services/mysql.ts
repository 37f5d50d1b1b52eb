import { fixedPart, fromMiB, type Part } from '../part.ts';
import { databaseModel } from './database.ts';

// MySQL 8 was not measured. Its base is MariaDB's (55, deviation 7) and, as a margin for its data dictionary and
// larger code, what performance_schema takes there (105): more than the base once more for what nobody has weighed.
const MARIADB_MB = 62;
const MARGIN_MB = 105;

export const mysql = databaseModel('mysql', base);

function base(): Part {
  return fixedPart({
    code: 'DATABASE',
    name: { en: 'MySQL itself', zh: 'MySQL 本身' },
    bytes: fromMiB(MARIADB_MB + MARGIN_MB),
    formula: `${MARIADB_MB} + ${MARGIN_MB}`,
    errorBytes: fromMiB(MARGIN_MB),
    source: {
      en: "not measured: MariaDB's base, and a margin of 105 for the data dictionary of MySQL 8; calibrate it",
      zh: '未实测：取 MariaDB 的基础值，再为 MySQL 8 的数据字典加 105 余量；请用实测值校准',
    },
  });
}
