import { errors, type Upload, type UploadTicket, type UploadTicketRequest } from '@maque/contract';
import { type Bytes, formatBytes, MINUTE, type Milliseconds } from '@maque/kit';
import type { ArrivalReport, DirectFiles } from '../../ports/index.ts';
import { HEAD_BYTES, kindOf, kindSaid, refuseKind } from './file-kinds.ts';
import { announceFile, discardFile } from './file-removal.ts';
import {
  deleteTicket,
  endedTickets,
  findTicket,
  insertTicket,
  redeemTicket,
  type TicketRow,
} from './ticket-store.ts';
import { arrivingKey, newUploadId, ticketIdIn, uploadKey } from './upload-address.ts';
import { checkRoom } from './upload-room.ts';
import { asUpload, type UploadServiceOptions } from './upload-service.ts';
import { findUpload, insertUpload, type UploadRow } from './upload-store.ts';
import type { Uploader } from './uploader.ts';

/** Long enough for 10 MiB at 17 KB/s; a store looks at it when the file begins to arrive. */
const FORM_MS: Milliseconds = 10 * MINUTE;
/** How long a file that came in the last moment has to be confirmed. It holds its owner's room all the while. */
const TICKET_MS: Milliseconds = 30 * MINUTE;
/** Read at once. Each costs up to two calls of some 50 ms, so a turn of five minutes clears 3,000 of them. */
const SWEEP_TICKETS = 200;

/**
 * Files that clients send straight to the store. What a client says of one is believed by nobody: the store takes exactly
 * as many bytes as were announced, and what has arrived is looked at before it counts. It is looked at twice: before it is
 * copied, so that nothing else is, and as a copy, since the client may send another file for as long as its form lasts.
 */
export class TicketService {
  readonly #options: UploadServiceOptions;

  constructor(options: UploadServiceOptions) {
    this.#options = options;
  }

  /** Whether the store reports what has arrived. */
  get isReportedTo(): boolean {
    return this.#options.files.direct?.arrivedKey !== undefined;
  }

  /** @throws CodedError UPLOAD_NOT_DIRECT, FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE, UPLOAD_QUOTA_EXCEEDED */
  async issue(uploader: Uploader, request: UploadTicketRequest): Promise<UploadTicket> {
    const { name, contentType, bytes } = request;
    const { database, maxBytes, clock } = this.#options;
    const direct = this.#direct();
    const kind = kindSaid(contentType, name) ?? refuseKind();
    if (bytes > maxBytes) throw errors.BODY_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
    if (bytes < HEAD_BYTES) refuseKind();
    const id = newUploadId();
    const now = clock.now();
    await database.transaction(async (transaction) => {
      await checkRoom(transaction, { ...this.#options, uploader, bytes });
      await insertTicket(transaction, {
        ...{ id, ownerId: uploader.id, isBounded: uploader.isBounded },
        ...{ bytes, isPrivate: request.private ?? false, endsAt: now + TICKET_MS },
      });
    });
    const form = direct.form(arrivingKey(id), { bytes, contentType: kind.type, expiresInMs: FORM_MS });
    return { id, ...form, expiresAt: new Date(now + FORM_MS).toISOString() };
  }

  /**
   * Keeps what has arrived on a ticket; the same again when it was kept before.
   * @throws CodedError NOT_FOUND for a ticket that has ended or is somebody else's, UPLOAD_NOT_ARRIVED,
   * FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE, UPLOAD_QUOTA_EXCEEDED
   */
  async confirm({ id: ownerId }: Uploader, id: string): Promise<Upload> {
    const ticket = await findTicket(this.#options.database, id);
    if (ticket === undefined || ticket.ownerId !== ownerId) throw errors.NOT_FOUND();
    return this.#keep(ticket);
  }

  /** Keeps what the store says has arrived. @throws CodedError FORBIDDEN for a report of somebody else; and as `confirm`. */
  async arrived(report: ArrivalReport): Promise<Upload> {
    const key = await this.#direct().arrivedKey?.(report);
    if (key === undefined) throw errors.FORBIDDEN();
    const ticket = await findTicket(this.#options.database, ticketIdIn(key) ?? '');
    if (ticket === undefined) throw errors.NOT_FOUND();
    return this.#keep(ticket);
  }

  /** Clears tickets away that have ended, and what was sent on them: so many at a time, until all are or `signal` ends it. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { database, files, clock } = this.#options;
    let ended: string[];
    do {
      ended = await endedTickets(database, clock.now(), SWEEP_TICKETS);
      for (const id of ended) {
        signal.throwIfAborted();
        await files.delete(arrivingKey(id));
        await deleteTicket(database, id);
      }
    } while (ended.length === SWEEP_TICKETS);
  }

  async #keep(ticket: TicketRow): Promise<Upload> {
    const { database, jobs, clock } = this.#options;
    if (ticket.uploadId !== null) return this.#kept(ticket.uploadId);
    if (ticket.endsAt <= clock.now()) throw errors.NOT_FOUND();
    const { type } = await this.#lookAt(arrivingKey(ticket.id));
    const id = newUploadId();
    await announceFile(jobs, id);
    try {
      const bytes = await this.#copy(ticket, id, type);
      const { ownerId, isPrivate } = ticket;
      const row = { id, ownerId, type, bytes, isPrivate, createdAt: clock.now() };
      // What was sent stays until the ticket ends, as what is sent again does.
      if (await this.#redeem(ticket, row)) return asUpload(row);
    } catch (error) {
      await discardFile(this.#options, id);
      throw error;
    }
    // Confirmed twice at once, by the client and by the store's report.
    await discardFile(this.#options, id);
    const { uploadId } = (await findTicket(database, ticket.id)) ?? ticket;
    return this.#kept(uploadId);
  }

  /** The size of the copy. @throws CodedError UPLOAD_NOT_ARRIVED, FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE */
  async #copy(ticket: TicketRow, id: string, type: string): Promise<Bytes> {
    const from = arrivingKey(ticket.id);
    const isCopied = await this.#direct().copy(from, uploadKey(id), { contentType: type });
    if (!isCopied) throw errors.UPLOAD_NOT_ARRIVED();
    const copied = await this.#lookAt(uploadKey(id));
    // Another was sent between the look and the copy, which would be served as the kind of the first.
    if (copied.type !== type) throw errors.UPLOAD_NOT_ARRIVED();
    return copied.bytes;
  }

  /** Answers false when somebody else was first. @throws CodedError UPLOAD_QUOTA_EXCEEDED */
  #redeem(ticket: TicketRow, row: UploadRow): Promise<boolean> {
    return this.#options.database.transaction(async (transaction) => {
      if (!(await redeemTicket(transaction, ticket.id, row.id))) return false;
      const uploader = { id: ticket.ownerId, isBounded: ticket.isBounded };
      await checkRoom(transaction, { ...this.#options, uploader, bytes: row.bytes, ticketId: ticket.id });
      await insertUpload(transaction, row);
      return true;
    });
  }

  /** By the store's own facts and bytes. @throws CodedError UPLOAD_NOT_ARRIVED, FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE */
  async #lookAt(key: string): Promise<Pick<UploadRow, 'type' | 'bytes'>> {
    const { files, maxBytes } = this.#options;
    // No form takes less than these bytes.
    const opened = await files.open(key, { start: 0, end: HEAD_BYTES - 1 });
    if (opened === undefined) throw errors.UPLOAD_NOT_ARRIVED();
    const { type } = kindOf(Buffer.concat(await opened.content.toArray())) ?? refuseKind();
    const { bytes } = opened.facts;
    if (bytes > maxBytes) throw errors.BODY_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
    return { type, bytes };
  }

  async #kept(uploadId: string | null): Promise<Upload> {
    const row = uploadId === null ? undefined : await findUpload(this.#options.database, uploadId);
    // Deleted since.
    if (row === undefined) throw errors.NOT_FOUND();
    return asUpload(row);
  }

  #direct(): DirectFiles {
    const { direct } = this.#options.files;
    if (direct === undefined) throw errors.UPLOAD_NOT_DIRECT();
    return direct;
  }
}
