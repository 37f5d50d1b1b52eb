import type { Migration } from '../../ports/index.ts';

/**
 * A job has a row for as long as somebody has to do it. `dueAt` says when it may be taken: for a job that runs this is the
 * end of its lease, so that the job of a worker that died comes up by itself. Times are ms since the epoch.
 */
export const jobMigrations: readonly Migration[] = [
  {
    id: '0006-jobs',
    async up({ schema }) {
      await schema
        .createTable('maque_jobs')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('name', 'varchar(64)', (column) => column.notNull())
        .addColumn('uniqueKey', 'varchar(200)')
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('leaseId', 'varchar(32)')
        .addColumn('dueAt', 'bigint', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('maque_jobs_key', ['name', 'uniqueKey'])
        .execute();
      // With the lease in it, counting what runs reads the index alone.
      await schema
        .createIndex('maque_jobs_due')
        .on('maque_jobs')
        .columns(['name', 'dueAt', 'leaseId'])
        .execute();
      await schema
        .createTable('maque_dead_jobs')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('name', 'varchar(64)', (column) => column.notNull())
        .addColumn('uniqueKey', 'varchar(200)')
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('diedAt', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'varchar(500)', (column) => column.notNull())
        .execute();
      await schema.createIndex('maque_dead_jobs_end').on('maque_dead_jobs').column('diedAt').execute();
      await schema
        .createTable('maque_recurring_work')
        .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('beganAt', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];
