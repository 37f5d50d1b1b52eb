import { errors } from '@maque/contract';
import { type Bytes, type Clock, formatBytes } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/index.ts';
import { promisedTo } from './ticket-store.ts';
import { type Usage, usageOf } from './upload-store.ts';

export interface WantedRoom {
  readonly ownerId: string;
  readonly bytes: Bytes;
  /** The ticket that has held the room until now. */
  readonly ticketId?: string;
  /** Of one user. */
  readonly quota: Usage;
  readonly clock: Clock;
}

/**
 * Whether a user may keep one file more. What tickets promise counts too, until they end.
 * @throws CodedError UPLOAD_QUOTA_EXCEEDED
 */
export async function checkRoom(
  connection: DatabaseConnection,
  { ownerId, bytes, ticketId, quota, clock }: WantedRoom,
): Promise<void> {
  const kept = await usageOf(connection, ownerId);
  const promised = await promisedTo(connection, ownerId, { now: clock.now(), except: ticketId });
  const hasRoom =
    kept.files + promised.files < quota.files && kept.bytes + promised.bytes + bytes <= quota.bytes;
  if (hasRoom) return;
  throw errors.UPLOAD_QUOTA_EXCEEDED({ data: { files: quota.files, bytes: formatBytes(quota.bytes) } });
}
