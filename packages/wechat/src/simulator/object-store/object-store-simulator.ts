import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, type Clock, GiB } from '@maque/kit';
import { arrivedRequest, type SimulatedAccount } from './arrived-request.ts';
import { answerRequest, type Bucket, drain } from './bucket-endpoints.ts';
import { ObjectShelf } from './object-shelf.ts';
import { OssCallbackSender } from './oss-callback-sender.ts';
import { HEADER_PREFIX, newRequestId, StoreRefusal, sendRefusal } from './store-refusal.ts';

export interface ObjectStoreSimulatorOptions extends SimulatedAccount {
  readonly clock: Clock;
  /** 10,000 unless told. */
  readonly maxObjects?: number;
  /** Of all objects together; 1 GiB unless told. */
  readonly maxBytes?: Bytes;
}

/** A bucket that is not anywhere: its bytes are in a temporary folder of its own. */
export interface ObjectStoreSimulator {
  /** What clients are told as the endpoint. */
  readonly url: string;
  /** Where the key to its callbacks is: what a verifier has to trust instead of Aliyun's place. */
  readonly callbackKeyPrefix: string;
  /** The keys of all objects. */
  keys(): string[];
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 256;
const KEY_FOLDER = '/_callback/';
const KEY_PATH = `${KEY_FOLDER}callback_pub_key_v1.pem`;

/**
 * Plays one private bucket of COS, OSS or S3 (path-style) on a loopback port: forms, HEAD, GET, PUT, copies and DELETE,
 * with signatures in headers and links checked as the store does, errors in its XML, and OSS's callback.
 * @throws Error when it cannot listen, or have a temporary folder.
 */
export async function createObjectStoreSimulator(
  options: ObjectStoreSimulatorOptions,
): Promise<ObjectStoreSimulator> {
  const { clock, maxObjects = 10_000, maxBytes = GiB, ...account } = options;
  const folder = await mkdtemp(join(tmpdir(), 'maque-objects-'));
  const server = createServer();
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shelf = new ObjectShelf(folder, { maxObjects, maxBytes });
  const bucket: Bucket = { account, shelf, clock, callbacks: new OssCallbackSender(`${url}${KEY_PATH}`) };
  server.on('request', (request, response) => void serve(bucket, request, response));
  return {
    url,
    callbackKeyPrefix: `${url}${KEY_FOLDER}`,
    keys: () => shelf.keys,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serve(bucket: Bucket, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newRequestId();
  const { kind } = bucket.account;
  response.setHeader(`${HEADER_PREFIX[kind]}request-id`, requestId);
  try {
    const request = arrivedRequest(message);
    if (kind === 'oss' && request.method === 'GET' && request.path === KEY_PATH) {
      response.end(await bucket.callbacks.publicKey());
      return;
    }
    await answerRequest(bucket, request, message, response);
  } catch (error) {
    await refuse(error, message, response, requestId);
  }
}

async function refuse(
  error: unknown,
  message: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  await drain(message).catch(() => message.destroy());
  if (response.headersSent || (message.destroyed && !message.complete)) response.destroy();
  else sendRefusal(response, refusalFor(error), requestId);
}

function refusalFor(error: unknown): StoreRefusal {
  return error instanceof StoreRefusal ? error : new StoreRefusal(500, 'InternalError', String(error));
}
