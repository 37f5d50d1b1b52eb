import { errors } from '@maque/contract';
import { type Bytes, type Clock, formatBytes } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/index.ts';
import { promisedTo } from './ticket-store.ts';
import { type Usage, usageOf } from './upload-store.ts';
import type { Uploader } from './uploader.ts';

export interface WantedRoom {
  readonly uploader: Uploader;
  readonly bytes: Bytes;
  /** The ticket that has held the room until now. */
  readonly ticketId?: string;
  /** Of one user. */
  readonly quota: Usage;
  readonly clock: Clock;
}

/**
 * Whether somebody may keep one file more. What tickets promise counts too, until they end.
 * @throws CodedError UPLOAD_QUOTA_EXCEEDED
 */
export async function checkRoom(
  connection: DatabaseConnection,
  { uploader, bytes, ticketId, quota, clock }: WantedRoom,
): Promise<void> {
  if (!uploader.isBounded) return;
  const kept = await usageOf(connection, uploader.id);
  const promised = await promisedTo(connection, uploader.id, { now: clock.now(), except: ticketId });
  const hasRoom =
    kept.files + promised.files < quota.files && kept.bytes + promised.bytes + bytes <= quota.bytes;
  if (hasRoom) return;
  throw errors.UPLOAD_QUOTA_EXCEEDED({ data: { files: quota.files, bytes: formatBytes(quota.bytes) } });
}
