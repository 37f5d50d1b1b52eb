export type {
  Database,
  DatabaseConnection,
  DatabaseDialect,
  DynamicTables,
  Migration,
  SqlQuery,
  SqlValue,
  Statement,
  WriteResult,
} from './database.ts';
export { BrokenReferenceError, DamagedDatabaseError, DuplicateValueError } from './database-errors.ts';
export type { ByteRange, FileFacts, FileStore, OpenFile } from './file-store.ts';
export { fileStoreErrors } from './file-store-errors.ts';
export type { Identity, RouteAuth } from './identity.ts';
export type { KeyValue, KeyValueEntry, KeyValueStats } from './key-value.ts';
export type { MessageBus, MessageListener } from './message-bus.ts';
