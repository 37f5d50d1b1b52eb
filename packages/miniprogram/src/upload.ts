import type { Upload, UploadTicket } from '@maque/contract';
import { ApiError, type ClientLanguage, clientFault } from './api-error.ts';
import { fileTimeoutMs } from './requester.ts';
import type { Session } from './session.ts';
import type { FileToSend, Transport } from './transport.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

export interface UploaderOptions {
  readonly wechat: WechatRuntime | undefined;
  readonly transport: Transport;
  readonly send: Session['send'];
  readonly language: ClientLanguage;
}

export interface UploadOptions {
  /** Loaded by links alone, which `fileLinks` gives to whoever may see a record that has it. */
  readonly private?: boolean;
}

/** Sends files: straight to the store where the server gives a ticket for it, and else through the server. */
export function createUploader(
  options: UploaderOptions,
): (file: FileToSend, how?: UploadOptions) => Promise<Upload> {
  const { wechat, send } = options;
  let hasStore = true;

  async function ticketFor(file: FileToSend, how: UploadOptions): Promise<UploadTicket | undefined> {
    if (!hasStore) return undefined;
    const isPath = typeof file === 'string';
    const bytes = isPath ? await sizeOf(wechat, file) : file.size;
    // What is not there is told by the attempt to send it.
    if (bytes === undefined) return undefined;
    const kind = isPath ? { name: file.slice(file.lastIndexOf('/') + 1) } : { contentType: file.type };
    try {
      const body = { ...kind, bytes, ...how };
      return (await send({ method: 'POST', path: '/uploads/tickets', body })) as UploadTicket;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Neither name nor type tell what it is; on the way through the server its bytes do.
      if (error.code === 'FILE_KIND_UNSUPPORTED') return undefined;
      // A server of before knows no tickets.
      if (error.code !== 'UPLOAD_NOT_DIRECT' && error.status !== 404 && error.status !== 405) throw error;
      hasStore = false;
      return undefined;
    }
  }

  return async (file, how = {}) => {
    const ticket = await ticketFor(file, how);
    if (ticket !== undefined && (await sendDirect(ticket, file, options))) {
      const path = `/uploads/${ticket.id}/confirm` as const;
      // Confirmed again it is the same upload, so a lost answer is none the app hears of.
      return (await send({ method: 'POST', path, isRepeatable: true })) as Upload;
    }
    return (await send({ method: 'POST', path: '/uploads', query: { ...how }, file })) as Upload;
  };
}

/** Answers whether the store has taken it: it may be missing from the list of upload domains. @throws ApiError NETWORK_TIMEOUT */
async function sendDirect(
  { url, fields }: UploadTicket,
  file: FileToSend,
  { transport, language }: UploaderOptions,
): Promise<boolean> {
  const request = { method: 'POST', url, headers: {}, body: undefined, fields, file } as const;
  try {
    const { status } = await transport({ ...request, timeoutMs: fileTimeoutMs });
    return status >= 200 && status < 300;
  } catch (cause) {
    // Who has waited for a minute does not wait for another.
    if ((cause as { timedOut?: boolean } | null)?.timedOut) {
      throw clientFault('NETWORK_TIMEOUT', language, { cause });
    }
    return false;
  }
}

function sizeOf(wechat: WechatRuntime | undefined, filePath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    if (wechat === undefined) return resolve(undefined);
    wechat.getFileSystemManager().getFileInfo({
      filePath,
      success: ({ size }) => resolve(size),
      fail: () => resolve(undefined),
    });
  });
}
