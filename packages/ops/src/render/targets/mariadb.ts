import type { Text } from '@maque/kit';
import { MiB } from '@maque/kit';
import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { because, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import { defineMeanings } from '../meaning.ts';
import type { RenderTarget } from '../target.ts';
import { commonEntries, redoEntry } from './database/common-entries.ts';
import { optionSize, SMALL_BUFFERS } from './database/database-numbers.ts';
import { DATABASE_ROWS, MARIADB_ROWS } from './database/database-rows.ts';
import { databaseUnit } from './database/database-unit.ts';
import { UNIT_MEANINGS } from './unit/unit-meanings.ts';

const meanings = defineMeanings('mariadb', { ...DATABASE_ROWS, ...MARIADB_ROWS, ...UNIT_MEANINGS });
const PORT = 3306;
const CHUNK = MiB;
const LAST: Text = {
  en: 'Read after all others in this folder: what stands here counts.',
  zh: '在本目录中最后读取，以此为准。',
};

/** MariaDB for a box that it shares. */
export const mariadb: RenderTarget = {
  name: 'mariadb',
  summary: {
    en: 'MariaDB for a small box: buffers, connections and logs out of the plan',
    zh: '小机器上的 MariaDB：缓冲区、连接数与日志都来自规划',
  },
  belongsTo: 'server',
  meanings,
  render(plan, { language }) {
    const planned = plan.services.find((service): service is PlannedDatabase => service.kind === 'mariadb');
    if (planned === undefined) return [];
    const content = writeConfig(
      [
        headOf('mariadb', language),
        because(LAST, '[mariadb]'),
        ...commonEntries(planned, meanings, PORT),
        null,
        numbered(
          meanings.innodb_buffer_pool_chunk_size,
          '',
          `loose_innodb_buffer_pool_chunk_size = ${optionSize(CHUNK)}`,
        ),
        redoEntry(planned, meanings.redo_log, 'innodb_log_file_size'),
        numbered(
          meanings.aria_pagecache_buffer_size,
          '',
          `aria_pagecache_buffer_size = ${optionSize(SMALL_BUFFERS.ariaCache)}`,
        ),
      ],
      language,
    );
    return [
      databaseUnit('mariadb.service', 'mariadb', planned, meanings, language),
      {
        target: 'mariadb',
        path: '/etc/mysql/mariadb.conf.d/99-maque.cnf',
        content,
        // At an hour of the operator's choice: all apps wait meanwhile.
        next: ['systemctl restart mariadb.service'],
      },
    ];
  },
};
