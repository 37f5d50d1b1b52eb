import { join } from 'node:path';
import { createManualClock, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { findAccountOwner, findOpenid, findUnionOwner } from './account-store.ts';
import { accountMigrations, findUser, userMigrations } from './user-store.ts';

it('what was known of users stays: who they are, whose an openid is, and the oldest of a unionid', async () => {
  await using folder = await tempFolder();
  const clock = createManualClock();
  const path = join(folder.path, 'old.db');
  const database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal', clock });
  try {
    for (const { up } of userMigrations) await up(database.query);
    const insert = (
      id: string,
      appId: string,
      openid: string,
      unionid: string | null,
      nickname: string | null,
    ) =>
      database.run({
        sql: "insert into maque_users (id, wechatAppId, openid, unionid, sessionKey, nickname, createdAt, updatedAt) values (?, ?, ?, ?, 'sealed', ?, 1, 2)",
        parameters: [id, appId, openid, unionid, nickname],
      });
    await insert('a1', 'wx1', 'o-ann', 'u-ann', '安');
    await insert('a2', 'wx2', 'o-ann', 'u-ann', null);
    await insert('b1', 'wx1', 'o-bob', null, null);
    for (const { up } of accountMigrations) await up(database.query);

    expect(await findUser(database, 'a1')).toEqual({
      ...{ id: 'a1', nickname: '安', avatarUrl: null, phone: null, roles: [] },
      ...{ createdAt: 1, updatedAt: 2 },
    });
    expect(await findAccountOwner(database, { appId: 'wx2', openid: 'o-ann' })).toBe('a2');
    expect(await findOpenid(database, 'b1', 'wx1')).toBe('o-bob');
    expect(await findUnionOwner(database, 'u-ann')).toBe('a1');
  } finally {
    await database.close();
  }
});
