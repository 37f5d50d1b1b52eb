import type { SqlQuery } from '../../ports/index.ts';

/**
 * Moves what WeChat tells of users into a table of its own, and gives users a phone and roles. The table of users is
 * made anew: a column that is part of a unique constraint cannot be dropped from one.
 */
export async function moveAccountsOut(query: SqlQuery): Promise<void> {
  const { schema } = query;
  await schema
    .createTable('maque_wechat_accounts')
    .addColumn('appId', 'varchar(64)', (column) => column.notNull())
    .addColumn('openid', 'varchar(64)', (column) => column.notNull())
    .addColumn('userId', 'varchar(32)', (column) => column.notNull())
    .addColumn('sessionKey', 'varchar(128)', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('maque_wechat_accounts_key', ['appId', 'openid'])
    .execute();
  await schema
    .createIndex('maque_wechat_accounts_user')
    .on('maque_wechat_accounts')
    .columns(['userId', 'appId'])
    .execute();
  // Whose each unionid is: a key, so that two mini-programs that see somebody first at once cannot make two users.
  await schema
    .createTable('maque_unionids')
    .addColumn('unionid', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('userId', 'varchar(32)', (column) => column.notNull())
    .execute();
  await schema.createIndex('maque_unionids_user').on('maque_unionids').column('userId').execute();
  await query
    .insertInto('maque_wechat_accounts')
    .columns(['appId', 'openid', 'userId', 'sessionKey', 'createdAt'])
    .expression(
      query.selectFrom('maque_users').select(['wechatAppId', 'openid', 'id', 'sessionKey', 'createdAt']),
    )
    .execute();
  // The oldest user of a unionid, where two mini-programs in turn have made two.
  await query
    .insertInto('maque_unionids')
    .columns(['unionid', 'userId'])
    .expression((from) =>
      from
        .selectFrom('maque_users')
        .select(({ fn }) => ['unionid', fn.min('id').as('userId')])
        .where('unionid', 'is not', null)
        .groupBy('unionid'),
    )
    .execute();
  await remakeUsers(query);
}

async function remakeUsers(query: SqlQuery): Promise<void> {
  const { schema } = query;
  const kept = ['id', 'nickname', 'avatarUrl', 'createdAt', 'updatedAt'];
  await schema
    .createTable('maque_users_new')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('nickname', 'varchar(64)')
    .addColumn('avatarUrl', 'varchar(512)')
    .addColumn('phone', 'varchar(128)')
    .addColumn('phoneHash', 'varchar(64)')
    .addColumn('roles', 'varchar(2000)')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .execute();
  await query
    .insertInto('maque_users_new')
    .columns(kept)
    .expression(query.selectFrom('maque_users').select(kept))
    .execute();
  await schema.dropTable('maque_users').execute();
  await schema.alterTable('maque_users_new').renameTo('maque_users').execute();
  await schema.createIndex('maque_users_phone').on('maque_users').column('phoneHash').execute();
}
