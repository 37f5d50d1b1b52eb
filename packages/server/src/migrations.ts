import { jobMigrations } from './adapters/job-queue/job-tables.ts';
import { apiKeyMigrations } from './modules/api-keys/api-key-store.ts';
import { auditMigrations } from './modules/audit/audit-store.ts';
import {
  idempotencyBoundMigrations,
  idempotencyMigrations,
} from './modules/collections/idempotency-store.ts';
import { messageMigrations } from './modules/messages/message-schema.ts';
import { paymentMigrations } from './modules/payments/payment-schema.ts';
import { pushMigrations } from './modules/push/push-store.ts';
import { sessionMigrations, sessionOriginMigrations } from './modules/sessions/session-store.ts';
import { adminMigrations, staffMigrations } from './modules/staff/staff-store.ts';
import { ticketMigrations } from './modules/uploads/ticket-store.ts';
import { uploadMigrations } from './modules/uploads/upload-store.ts';
import { accountMigrations, userMigrations } from './modules/users/user-store.ts';
import { wechatMigrations } from './modules/wechat/token-store.ts';
import type { Migration } from './ports/index.ts';

/** The server's own tables, in the order in which they came to be. New ones go to the end; none is ever changed. */
export const migrations: readonly Migration[] = [
  ...userMigrations,
  ...sessionMigrations,
  ...wechatMigrations,
  ...adminMigrations,
  ...uploadMigrations,
  ...jobMigrations,
  ...paymentMigrations,
  ...messageMigrations,
  ...pushMigrations,
  ...ticketMigrations,
  ...idempotencyMigrations,
  ...accountMigrations,
  ...sessionOriginMigrations,
  ...staffMigrations,
  ...apiKeyMigrations,
  ...auditMigrations,
  ...idempotencyBoundMigrations,
];
