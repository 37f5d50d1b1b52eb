import {
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock, DAY, type ManualClock, SECOND } from '@maque/kit';
import { createPlatformCertificate } from '../simulator/pay/platform-certificate.ts';
import type { WechatPayError } from './errors/wechat-pay-error.ts';
import { createPayClient } from './pay-client.ts';
import type { PayClientOptions } from './pay-options.ts';
import type { PayCallReport } from './transport/pay-caller.ts';

export const APP_ID = 'wxd678efh567hg6787';
export const MCH_ID = '1230000109';
export const MERCHANT_SERIAL = '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C';
export const API_V3_KEY = '0123456789abcdef0123456789abcdef';
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0123000010920260101000000000001';
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
export const NOTIFY_URL = 'https://shop.example.com/api/wechat/pay/notify';

const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Made once a test file: each takes 0.1 s. */
export const merchant = rsa();
export const platform = rsa();
export const merchantKeyPem = pem(merchant.privateKey);
export const publicKeyPem = String(platform.publicKey.export({ type: 'spki', format: 'pem' }));

/** What WeChat Pay signs a message with, and what may be wrong about it. */
export interface SigningOptions {
  readonly serial?: string;
  readonly key?: KeyObject;
  readonly atMs?: number;
  readonly nonce?: string;
}

/** The `Wechatpay-*` headers of a message. */
export function signedHeaders(body: string | Uint8Array, clock: ManualClock, options: SigningOptions = {}) {
  const timestamp = String(Math.floor((options.atMs ?? clock.now()) / SECOND));
  const nonce = options.nonce ?? 'c5ac7061fccab6bf3e254dcf98995b8c';
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')]);
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': options.serial ?? PUBLIC_KEY_ID,
    'wechatpay-signature': sign('sha256', text, options.key ?? platform.privateKey).toString('base64'),
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

/** AES-256-GCM as WeChat Pay writes it down. */
export function seal(plain: string, associatedData: string, key = API_V3_KEY, nonce = 'abcdefghijkl') {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associatedData));
  const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const ciphertext = bytes.toString('base64');
  return { algorithm: 'AEAD_AES_256_GCM', ciphertext, nonce, associated_data: associatedData };
}

/** A platform certificate of WeChat Pay, and the key behind it. */
export function createCertificate(serial: string, clock: ManualClock, validForMs = 1825 * DAY) {
  const { privateKey } = rsa();
  const fromMs = clock.now() - DAY;
  const facts = { privateKey: pem(privateKey), serial, fromMs, untilMs: fromMs + validForMs };
  return { serial, key: privateKey, pem: createPlatformCertificate(facts) };
}

/** The body of `GET /v3/certificates`. */
export function certificatesBody(certificates: readonly { serial: string; pem: string }[], key = API_V3_KEY) {
  const data = certificates.map((one) => ({
    serial_no: one.serial,
    effective_time: '2026-01-01T00:00:00+08:00',
    expire_time: '2031-01-01T00:00:00+08:00',
    encrypt_certificate: seal(one.pem, 'certificate', key),
  }));
  return JSON.stringify({ data });
}

export interface Received {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the merchant signed it, and within 5 minutes. */
  readonly signatureHolds: boolean;
}

export interface Reply {
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** How it is signed; `null` for not at all. */
  readonly signing?: SigningOptions | null;
  /** What is really sent, when it is not what was signed. */
  readonly sent?: string;
}

/** A WeChat Pay of one merchant whose every answer a test decides, and a client of it. */
export async function servePay(answer: (request: Received) => Reply | 'hang up' | 'say nothing') {
  const clock = createManualClock();
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    const signatureHolds = isMerchants({ method, url, headers, body }, clock.now());
    const one = { method, url, headers, body, signatureHolds };
    received.push(one);
    const reply = answer(one);
    if (reply === 'say nothing') return;
    if (reply === 'hang up') return void request.socket.destroy();
    const content = reply.body ?? '';
    const signature = reply.signing === null ? {} : signedHeaders(content, clock, reply.signing);
    const all = { 'request-id': '08F78BB5-268435456', date: new Date(clock.now()).toUTCString() };
    response.writeHead(reply.status ?? 200, { ...all, ...signature, ...reply.headers });
    response.end(reply.sent ?? content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slept: number[] = [];
  const reports: PayCallReport[] = [];
  const alerts: WechatPayError[] = [];
  const createClient = (overrides: Partial<PayClientOptions> = {}) =>
    createPayClient({
      appId: APP_ID,
      mchId: MCH_ID,
      merchantSerial: MERCHANT_SERIAL,
      merchantKey: merchantKeyPem,
      apiV3Key: API_V3_KEY,
      publicKeys: { [PUBLIC_KEY_ID]: publicKeyPem },
      notifyUrl: NOTIFY_URL,
      baseUrl,
      clock,
      random: () => 0.5,
      sleep: async (ms) => {
        slept.push(ms);
        clock.advance(ms);
      },
      onCall: (report) => reports.push(report),
      onAlert: (error) => alerts.push(error),
      ...overrides,
    });
  return {
    clock,
    baseUrl,
    received,
    slept,
    reports,
    alerts,
    createClient,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
}

/** As WeChat Pay looks at a request: the header's form, the time, and the signature over what arrived. */
export function isMerchants(request: Omit<Received, 'signatureHolds'>, nowMs: number): boolean {
  const header = request.headers.authorization ?? '';
  const fields = Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const { timestamp = '', nonce_str: nonce = '', signature = '' } = fields;
  const text = `${request.method}\n${request.url}\n${timestamp}\n${nonce}\n${request.body}\n`;
  return (
    header.startsWith('WECHATPAY2-SHA256-RSA2048 ') &&
    fields.mchid === MCH_ID &&
    fields.serial_no === MERCHANT_SERIAL &&
    Math.abs(nowMs / SECOND - Number(timestamp)) <= 300 &&
    verify('sha256', Buffer.from(text), createPublicKey(merchantKeyPem), Buffer.from(signature, 'base64'))
  );
}

/** What a promise rejects with; fails when it does not. */
export async function payFailureOf(promise: Promise<unknown>): Promise<WechatPayError> {
  return promise.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: WechatPayError) => error,
  );
}

/** All that comes. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
