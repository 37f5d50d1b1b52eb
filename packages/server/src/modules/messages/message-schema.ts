import type { Migration } from '../../ports/index.ts';

/** Times are ms since the epoch, as everywhere in the database. */
export const messageMigrations: readonly Migration[] = [
  {
    id: '0008-messages',
    async up({ schema }) {
      await schema
        .createTable('maque_message_consents')
        .addColumn('userId', 'varchar(32)', (column) => column.notNull())
        .addColumn('templateId', 'varchar(64)', (column) => column.notNull())
        .addColumn('remaining', 'integer', (column) => column.notNull())
        .addColumn('reported', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('maque_message_consents_key', ['userId', 'templateId'])
        .execute();
      await schema
        .createTable('maque_message_keys')
        .addColumn('messageKey', 'varchar(100)', (column) => column.primaryKey())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('maque_message_keys_age')
        .on('maque_message_keys')
        .column('createdAt')
        .execute();
      await schema
        .createTable('maque_message_templates')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('kind', 'varchar(16)', (column) => column.notNull())
        .addColumn('content', 'text', (column) => column.notNull())
        .addColumn('fetchedAt', 'bigint', (column) => column.notNull())
        .execute();
      await schema
        .createTable('maque_message_turns')
        .addColumn('userId', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];
