import { MiB } from '@maque/kit';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderOptions } from '../../target.ts';
import { meanings } from './meanings.ts';
import type { BackupPlaces } from './places.ts';

const KEEP = 14;
const FREE_FACTOR = 2;
const FREE_LEAST = 512 * MiB;

/** Dumps one database, tells whether the dump is whole, and only then lets the oldest go. */
export function dumpScript(
  kind: 'mariadb' | 'mysql',
  { folder, optionFile, account }: BackupPlaces,
  { language, database }: RenderOptions,
): string {
  const programs = kind === 'mariadb' ? 'mariadb-dump mysqldump' : 'mysqldump';
  const routines = kind === 'mariadb' ? 'SELECT ON mysql.proc' : 'SHOW_ROUTINE ON *.*';
  const user = `'${account}'@'localhost'`;
  return writeConfig(
    [
      '#!/bin/bash',
      headOf('backup', language),
      because(
        {
          en: `What it may do, and no more; once, as root of the database:\n  CREATE USER ${user} IDENTIFIED BY '…';\n  GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON \`${database}\`.* TO ${user};\n  GRANT ${routines} TO ${user};\nThe password stands in ${optionFile} (mode 0600, owner ${account}), and nowhere else:\n  [client]\n  user=${account}\n  password=…`,
          zh: `只授予必要的权限；以数据库 root 执行一次：\n  CREATE USER ${user} IDENTIFIED BY '…';\n  GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON \`${database}\`.* TO ${user};\n  GRANT ${routines} TO ${user};\n密码只写在 ${optionFile}（权限 0600，属主 ${account}）：\n  [client]\n  user=${account}\n  password=…`,
        },
        'set -euo pipefail',
      ),
      'umask 077',
      because(
        { en: 'What one that was killed left behind.', zh: '清理上次被中断时留下的文件。' },
        `rm -f ${folder}/*.part`,
      ),
      ...spaceLines(folder, `${folder}/*.sql.gz`),
      '',
      `dump=$(command -v ${programs} | head -n 1)`,
      `name=${folder}/${database}-$(date -u +%Y%m%dT%H%M%SZ).sql.gz`,
      'trap \'rm -f "$name.part"\' EXIT',
      because(
        {
          en: 'One moment of the database, without locking anybody out.',
          zh: '取数据库的同一时刻，不锁表。',
        },
        `"$dump" --defaults-extra-file=${optionFile} --single-transaction --quick --hex-blob --no-tablespaces \\`,
        '  --default-character-set=utf8mb4 --routines --triggers --events \\',
        `  --databases ${database} | gzip --fast > "$name.part"`,
      ),
      because(
        {
          en: 'A dump that was cut off has no last line.',
          zh: '被截断的备份没有最后一行。',
        },
        'gzip --decompress --stdout "$name.part" | tail -n 1 | grep --quiet "^-- Dump completed"',
      ),
      'sync "$name.part"',
      'mv "$name.part" "$name"',
      ...rotationLines(`${folder}/*.sql.gz`, 'rm -f'),
    ],
    language,
  );
}

/** Ends where the disk has no room for one more. */
function spaceLines(folder: string, backups: string): readonly ConfigEntry[] {
  return [
    numbered(meanings.freeLeast, '', `least=${FREE_LEAST}`),
    numbered(meanings.freeFactor, '', `factor=${FREE_FACTOR}`),
    `newest=$(ls -1dt ${backups} 2>/dev/null | head -n 1 || true)`,
    'last=0',
    '[ -z "$newest" ] || last=$(du -sb "$newest" | cut -f 1)',
    'wanted=$((factor * last > least ? factor * last : least))',
    `free=$(df --output=avail -B1 ${folder} | tail -n 1)`,
    '[ "$free" -ge "$wanted" ] || { echo "$free bytes are free, $wanted are wanted: no backup" >&2; exit 1; }',
  ];
}

export function rotationLines(backups: string, remove: string): readonly ConfigEntry[] {
  return [
    numbered(meanings.keep, '', `keep=${KEEP}`),
    `ls -1dt ${backups} | tail -n "+$((keep + 1))" | while read -r old; do ${remove} "$old"; done`,
  ];
}
