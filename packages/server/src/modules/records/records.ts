import type { Clock } from '@maque/kit';
import type { App } from '../../define/app.ts';
import type { AnyCollection } from '../../define/collection.ts';
import type { Data, DataAccess } from '../../define/data.ts';
import type { Database, DatabaseConnection } from '../../ports/database.ts';
import { createDataAccess } from './data-access.ts';
import type { PlanGuard } from './plan-guard.ts';
import { type ChangeListener, PendingChanges } from './record-changes.ts';
import { createRecordModel, type RecordModel } from './record-model.ts';
import { RecordSession } from './record-session.ts';
import { RecordStore } from './record-store.ts';

/** The records of an app's collections, for the modules that serve them. */
export interface Records {
  readonly database: Database;
  readonly models: readonly RecordModel[];
  /** Outside of any transaction. */
  readonly session: RecordSession;
  /** What the app's own code is given. */
  readonly data: Data;
  /** Runs `work` in a transaction; changes are told when it is committed. */
  transaction<T>(work: (session: RecordSession) => Promise<T>): Promise<T>;
  /** The records inside of a transaction, as the app's own code reaches them. */
  accessOf(session: RecordSession): DataAccess;
  /** The records on a connection of the caller's, whose changes nobody is told: for seeds. */
  accessOn(connection: DatabaseConnection): DataAccess;
  /** Told of every committed write of this process. */
  onChange(listener: ChangeListener): void;
}

export function createRecords(options: {
  readonly app: App;
  readonly database: Database;
  readonly clock: Clock;
  /** Looks at how lists are read; nobody does unless given. */
  readonly plans?: PlanGuard;
}): Records {
  const { app, database, clock, plans } = options;
  const models = createModels(app);
  const store = new RecordStore(database, plans);
  const listeners: ChangeListener[] = [];
  const tell: ChangeListener = (change) => {
    for (const listener of listeners) listener(change);
  };
  const sessionOn = (connection: DatabaseConnection, onChange: ChangeListener) =>
    new RecordSession({ store, connection, onChange, clock });
  const modelOf = (collection: AnyCollection): RecordModel => {
    const model = models.get(collection);
    if (model === undefined)
      throw new Error('this collection is not in the app; add it to defineApp({ collections })');
    return model;
  };

  async function transaction<T>(work: (session: RecordSession) => Promise<T>): Promise<T> {
    const changes = new PendingChanges();
    const answer = await database.transaction((connection) => work(sessionOn(connection, changes.add)));
    changes.tell(tell);
    return answer;
  }

  const session = new RecordSession({
    store,
    connection: database,
    onChange: tell,
    clock,
    begin: transaction,
  });
  return {
    database,
    models: [...models.values()],
    session,
    transaction,
    data: Object.assign(createDataAccess(session, modelOf), {
      transaction: <T>(work: (tx: DataAccess) => Promise<T>) =>
        transaction((inside) => work(createDataAccess(inside, modelOf))),
    }),
    accessOf: (session) => createDataAccess(session, modelOf),
    accessOn: (connection) =>
      createDataAccess(
        sessionOn(connection, () => {}),
        modelOf,
      ),
    onChange: (listener) => void listeners.push(listener),
  };
}

function createModels({ collections }: App): ReadonlyMap<unknown, RecordModel> {
  const names = new Map<unknown, string>(
    Object.entries(collections).map(([name, collection]) => [collection, name]),
  );
  // defineApp has checked that every relation leads to a collection of the app.
  const tableOf = (target: unknown) => names.get(target) ?? '';
  const modelOf = (target: unknown) => models.get(target) as RecordModel;
  const models = new Map<unknown, RecordModel>();
  for (const [name, collection] of Object.entries(collections)) {
    models.set(collection, createRecordModel(name, collection, tableOf, modelOf));
  }
  return models;
}
