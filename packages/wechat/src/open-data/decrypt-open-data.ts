import { createDecipheriv } from 'node:crypto';
import { type Bytes, type ErrorFault, KiB, type Milliseconds, SECOND, type Text } from '@maque/kit';
import { openDataError, transportError, type WechatError } from '../errors/wechat-error.ts';
import { toNumber, toRecord } from '../http/read-fields.ts';

/** Data of a user as the client gets them from WeChat, sealed with the session key. */
export interface SealedData {
  /** The user's, base64 as WeChat gave it. */
  readonly sessionKey: string;
  readonly encryptedData: string;
  readonly iv: string;
  /** How long ago WeChat may have sealed them: where an old copy could be used again, 10 minutes say. Any time unless told. */
  readonly maxAgeMs?: Milliseconds;
}

/** What was sealed: `stepInfoList`, `openGId` … and who sealed it when. */
export interface OpenData {
  readonly [field: string]: unknown;
  readonly watermark: { readonly appid: string; readonly timestamp: number };
}

// A month of step counts, the largest of them, has 3 KiB.
const MAX_SEALED: Bytes = 64 * KiB;

const AES_BLOCK: Bytes = 16;

/**
 * Opens what WeChat has sealed with a session key (AES-128-CBC), and makes sure that it was sealed for this mini-program.
 * @throws WechatError: `WECHAT_SESSION_STALE` (401: the client logs in again) when the key does not open it,
 * `WECHAT_DATA_INVALID` (400) for what cannot be sealed data or is too old, `WECHAT_APPID_MISMATCH`.
 */
export function decryptOpenData(sealed: SealedData, appId: string, nowEpochMs: number): OpenData {
  const { data, iv } = readSealed(sealed);
  const key = Buffer.from(sealed.sessionKey, 'base64');
  const opened = key.length === AES_BLOCK ? open(data, key, iv) : null;
  if (opened === null) throw stale();
  const watermark = toRecord(opened.watermark);
  const { appid } = watermark;
  if (appid !== appId) {
    throw transportError('WECHAT_APPID_MISMATCH', 'open data', { foundAppId: appid ?? 'none' });
  }
  const timestamp = toNumber(watermark.timestamp) ?? 0;
  const { maxAgeMs } = sealed;
  if (maxAgeMs !== undefined && Math.abs(nowEpochMs - timestamp * SECOND) > maxAgeMs) {
    throw openDataError([{ path: 'encryptedData', issue: TOO_OLD }]);
  }
  return { ...opened, watermark: { appid: appId, timestamp } };
}

function readSealed({ encryptedData, iv }: SealedData): { readonly data: Buffer; readonly iv: Buffer } {
  const data = readBase64(encryptedData, MAX_SEALED);
  const start = readBase64(iv, AES_BLOCK);
  const faults: ErrorFault[] = [];
  if (data === null || data.length === 0 || data.length % AES_BLOCK !== 0) {
    faults.push({ path: 'encryptedData', issue: NOT_SEALED });
  }
  if (start?.length !== AES_BLOCK) faults.push({ path: 'iv', issue: NOT_AN_IV });
  if (data === null || start === null || faults.length > 0) throw openDataError(faults);
  return { data, iv: start };
}

const NOT_SEALED: Text = {
  en: 'must be base64 of 16 bytes to 64 KiB, in whole blocks of 16',
  zh: '须为 16 字节至 64 KiB、长度为 16 的倍数的 base64',
};
const NOT_AN_IV: Text = { en: 'must be base64 of 16 bytes', zh: '须为 16 字节的 base64' };
const TOO_OLD: Text = { en: 'was sealed too long ago, or in the future', zh: '加密时间过久或在未来' };

/** The bytes of strict base64, or null when it is none or has more than `most`. */
function readBase64(text: unknown, most: Bytes): Buffer | null {
  if (typeof text !== 'string' || text.length > Math.ceil(most / 3) * 4) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length <= most && bytes.toString('base64') === text ? bytes : null;
}

/** What is inside, or null when the key is not the one: then the padding is wrong, or no JSON comes out. */
function open(data: Buffer, key: Buffer, iv: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, iv);
    const plain = Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
    const value: unknown = JSON.parse(plain);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function stale(): WechatError {
  return transportError('WECHAT_SESSION_STALE', 'open data', {});
}
