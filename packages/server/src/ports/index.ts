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
export type { ByteRange, FileFacts, FileStore, OpenFile } from './file-store.ts';
export type { Identity, RouteAuth } from './identity.ts';
export type { KeyValue, KeyValueEntry, KeyValueStats } from './key-value.ts';
export type { MessageBus, MessageListener } from './message-bus.ts';
