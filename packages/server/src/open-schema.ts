import type { Clock } from '@maque/kit';
import type { DataFolder } from './config/data-folder.ts';
import type { ServerSettings } from './config/settings-table.ts';
import { loadApp } from './load-app.ts';
import { migrations } from './migrations.ts';
import { prepareDatabase } from './modules/records/prepare-database.ts';
import { createRecords } from './modules/records/records.ts';
import { backupBeforeChange } from './modules/schema/backup-before-change.ts';
import { declaredChanges } from './modules/schema/declared-changes.ts';
import { type SchemaChange, SchemaLedger } from './modules/schema/schema-ledger.ts';
import { planSchema, type SchemaPlan } from './modules/schema/schema-plan.ts';
import { planUndo, undoChange } from './modules/schema/undo-change.ts';
import { undoErrors } from './modules/schema/undo-errors.ts';
import { openDatabase } from './open-stores.ts';

export type { SchemaChange } from './modules/schema/schema-ledger.ts';
export type { PlannedStep, SchemaPlan } from './modules/schema/schema-plan.ts';
export type { TableStep } from './modules/schema/table-difference.ts';

export interface OpenSchemaOptions {
  /** Path of the config module that exports the app. */
  readonly app: string;
  readonly settings: ServerSettings;
  readonly folder: DataFolder;
  readonly clock: Clock;
}

export interface ChangeWishes {
  readonly allowDataLoss: boolean;
  /** Whether the database is copied first. */
  readonly makesBackup: boolean;
}

/** The tables of an app's collections, for commands: a server need not run, and may. */
export interface Schema {
  /** What `migrate` would do. */
  diff(): Promise<SchemaPlan>;
  /** Answers null when nothing had to be done. @throws CodedError as `prepareDatabase` does. */
  migrate(wishes: ChangeWishes): Promise<SchemaChange | null>;
  /** Takes the latest change back, and answers it. @throws CodedError as `undoChange` does. */
  rollback(wishes: ChangeWishes): Promise<SchemaChange>;
  /** The changes that are remembered, the latest first. */
  history(): Promise<readonly SchemaChange[]>;
  close(): Promise<void>;
}

/** @throws CodedError of the app or the database that cannot be opened. */
export async function openSchema({ app: path, settings, folder, clock }: OpenSchemaOptions): Promise<Schema> {
  const app = await loadApp(path);
  const database = await openDatabase({ settings, folder, clock, attention: () => {} });
  const records = createRecords({ app, database, clock });
  const ledger = new SchemaLedger(database);
  const backup = () => backupBeforeChange({ database, folder, clock });
  return {
    async diff() {
      const shapes = (await ledger.exists()) ? await ledger.shapes() : new Map();
      return planSchema(database, declaredChanges(shapes, records.models, 'drop'));
    },
    migrate: ({ allowDataLoss, makesBackup }) =>
      prepareDatabase({
        ...{ app, records, migrations, clock, allowDataLoss },
        unused: 'drop',
        ...(makesBackup ? { backup } : {}),
      }),
    async rollback({ allowDataLoss, makesBackup }) {
      if (!(await ledger.exists())) throw undoErrors.SCHEMA_NOTHING_TO_UNDO();
      // What is refused needs no copy.
      await planUndo(database, ledger, allowDataLoss);
      if (makesBackup) await backup();
      return database.exclusive(async (connection) => {
        const inside = new SchemaLedger(connection);
        const context = { connection, dialect: database.dialect, ledger: inside, now: clock.now() };
        return undoChange(context, await planUndo(connection, inside, allowDataLoss));
      });
    },
    history: async () => ((await ledger.exists()) ? ledger.changes() : []),
    close: () => database.close(),
  };
}
