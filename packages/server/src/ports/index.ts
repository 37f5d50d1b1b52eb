export type {
  BackupOptions,
  BackupProgress,
  Database,
  DatabaseConnection,
  DatabaseContent,
  DatabaseDialect,
  DocumentType,
  DynamicTables,
  Migration,
  PlanStep,
  QueryPlan,
  SlowStatement,
  SqlQuery,
  SqlValue,
  Statement,
  WriteResult,
} from './database.ts';
export { BrokenReferenceError, DamagedDatabaseError, DuplicateValueError } from './database-errors.ts';
export type { DatabaseFiles } from './database-files.ts';
export type {
  ArrivalReport,
  ByteRange,
  DirectFiles,
  FileFacts,
  FileForm,
  FileLink,
  FileLinkOptions,
  FileStore,
  ListedFile,
  OpenFile,
} from './file-store.ts';
export { fileStoreErrors } from './file-store-errors.ts';
export type { Identity, RouteAuth } from './identity.ts';
export { insertUnlessTaken } from './insert-unless-taken.ts';
export {
  type DeadJob,
  HopelessJobError,
  type Job,
  type JobHandler,
  type JobHandlerOptions,
  type JobPayload,
  type JobQueue,
  type JobStats,
  type NewJob,
  PostponedJobError,
} from './job-queue.ts';
export { jobQueueErrors } from './job-queue-errors.ts';
export type { KeyValue, KeyValueEntry, KeyValueStats } from './key-value.ts';
export type { MessageBus, MessageListener } from './message-bus.ts';
export type { OptionalWork, OptionalWorkKind } from './optional-work.ts';
export type { PictureRequest, PictureShrinker, ThumbnailType } from './picture-shrinker.ts';
