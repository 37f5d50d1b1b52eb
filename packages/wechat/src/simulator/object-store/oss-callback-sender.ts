import { generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { type Bytes, KiB, type Milliseconds, SECOND } from '@maque/kit';
import { StoreRefusal } from './store-refusal.ts';

export interface UploadedObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Bytes;
  readonly contentType: string;
  readonly etag: string;
}

/** OSS waits so long and does not try again. */
const TIMEOUT: Milliseconds = 5 * SECOND;
const MAX_ANSWER: Bytes = 64 * KiB;

/** Tells of forms that have arrived as OSS does, signed with a key of its own. */
export class OssCallbackSender {
  #keys: Promise<{ publicKey: string; privateKey: string }> | undefined;
  readonly #keyUrl: string;

  /** @param keyUrl where `publicKey` is served. */
  constructor(keyUrl: string) {
    this.#keyUrl = keyUrl;
  }

  async publicKey(): Promise<string> {
    return (await this.#keyPair()).publicKey;
  }

  /** @param told base64 of what the form says. Answers what the called one says. @throws StoreRefusal CallbackFailed */
  async send(
    told: string,
    object: UploadedObject,
    fields: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { url, body, type } = readCallback(told, object, fields);
    const { pathname, search } = new URL(url);
    const signed = Buffer.from(`${decodeURIComponent(pathname)}${search}\n${body}`);
    const { privateKey } = await this.#keyPair();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': type,
          authorization: sign('RSA-MD5', signed, privateKey).toString('base64'),
          'x-oss-pub-key-url': Buffer.from(this.#keyUrl).toString('base64'),
          'x-oss-bucket': object.bucket,
          'user-agent': 'aliyun-oss-callback',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const answer = await response.text();
      if (response.status !== 200 || answer.length > MAX_ANSWER) throw new Error(`HTTP ${response.status}`);
      JSON.parse(answer);
      return answer;
    } catch (error) {
      // 203: the object stays.
      throw new StoreRefusal(203, 'CallbackFailed', `Error status : ${String(error)}`);
    }
  }

  #keyPair(): Promise<{ publicKey: string; privateKey: string }> {
    this.#keys ??= promisify(generateKeyPair)('rsa', {
      modulusLength: 1024 * 2,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return this.#keys;
  }
}

function readCallback(
  told: string,
  object: UploadedObject,
  fields: Readonly<Record<string, string>>,
): { url: string; body: string; type: string } {
  try {
    const callback = JSON.parse(Buffer.from(told, 'base64').toString('utf8')) as Record<string, unknown>;
    const { callbackUrl, callbackBody, callbackBodyType = 'application/x-www-form-urlencoded' } = callback;
    const [url] = String(callbackUrl).split(';');
    const type = String(callbackBodyType);
    const body = String(callbackBody).replace(/\$\{([^}]+)\}/g, (_, name: string) =>
      encodeValue(factOf(name, object, fields), type),
    );
    if (url !== undefined && URL.canParse(url)) return { url, body, type };
  } catch {
    // Told below.
  }
  throw new StoreRefusal(400, 'InvalidArgument', 'The callback configuration is not json format.');
}

function factOf(name: string, object: UploadedObject, fields: Readonly<Record<string, string>>): string {
  const facts: Readonly<Record<string, string>> = {
    bucket: object.bucket,
    object: object.key,
    size: String(object.bytes),
    mimeType: object.contentType,
    etag: object.etag.replaceAll('"', ''),
  };
  return facts[name] ?? (name.startsWith('x:') ? (fields[name] ?? '') : '');
}

function encodeValue(value: string, type: string): string {
  return type === 'application/json' ? JSON.stringify(value) : encodeURIComponent(value);
}
