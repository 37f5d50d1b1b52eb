import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createCertificate, createMerchantKeys, type MerchantKeys } from './merchant-keys.ts';

/** A key that WeChat signs with, under the name that goes into `Wechatpay-Serial`. */
interface SigningKey {
  readonly serial: string;
  readonly key: KeyObject;
}

/** What a server needs to be this merchant, by the names of Maque's settings. */
export interface MerchantCredentials {
  readonly mchId: string;
  readonly serial: string;
  /** PKCS#8 PEM: `apiclient_key.pem`. */
  readonly privateKeyPem: string;
  readonly apiV3Key: string;
  readonly publicKeyId: string;
  /** SPKI PEM: `pub_key.pem`. */
  readonly publicKeyPem: string;
}

/** The merchant's and WeChat's keys, made when they are needed first: most simulators are never asked for a payment. */
export class PayKeyring {
  readonly mchId: string;
  readonly #createKeys: () => MerchantKeys;
  /** The serial of the certificate that signs while a newer one is listed already. */
  #signing: string | undefined;
  #made: { keys: MerchantKeys; merchantKey: KeyObject; signing: Map<string, KeyObject> } | undefined;

  /**
   * @param given those of an earlier run, or only the number of a merchant whose keys are still to be made.
   * @throws TypeError or Error of node:crypto when these are no keys
   */
  constructor(given: MerchantKeys | string, now: () => number) {
    this.mchId = typeof given === 'string' ? given : given.mchId;
    this.#createKeys = () => createMerchantKeys(this.mchId, now());
    if (typeof given !== 'string') this.#made = open(given);
  }

  get keys(): MerchantKeys {
    return this.#opened.keys;
  }

  get credentials(): MerchantCredentials {
    const { keys } = this;
    return {
      mchId: keys.mchId,
      serial: keys.merchantSerial,
      privateKeyPem: keys.merchantPrivateKeyPem,
      apiV3Key: keys.apiV3Key,
      publicKeyId: keys.publicKeyId,
      publicKeyPem: createPublicKey(keys.publicKeyPrivatePem)
        .export({ type: 'spki', format: 'pem' })
        .toString(),
    };
  }

  /** Whether the merchant signed that text. */
  isMerchants(text: string | Uint8Array, signatureBase64: string): boolean {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    return verify('RSA-SHA256', bytes, this.#opened.merchantKey, Buffer.from(signatureBase64, 'base64'));
  }

  /** The key of that serial or id, if WeChat has it. */
  named(serial: string): SigningKey | undefined {
    const key = this.#opened.signing.get(serial);
    return key === undefined ? undefined : { serial, key };
  }

  get publicKey(): SigningKey {
    return this.#named(this.keys.publicKeyId);
  }

  /** That of the platform certificate that signs: the newest one unless told. */
  get certificateKey(): SigningKey {
    return this.#named(this.#signing ?? this.keys.certificates.at(-1)?.serial ?? '');
  }

  /** Lists a new platform certificate; the one that signs stays listed and goes on signing until {@link signWithNewest}. */
  addCertificate(nowEpochMs: number): void {
    const { keys, certificateKey } = this;
    const signing = keys.certificates.filter(({ serial }) => serial === certificateKey.serial);
    this.#signing = certificateKey.serial;
    this.#made = open({ ...keys, certificates: [...signing, createCertificate(nowEpochMs)] });
  }

  /** Lets the newest certificate sign from now on. */
  signWithNewest(): void {
    this.#signing = undefined;
  }

  #named(serial: string): SigningKey {
    const found = this.named(serial);
    if (found === undefined) throw new TypeError(`there is no key ${serial}`);
    return found;
  }

  get #opened() {
    this.#made ??= open(this.#createKeys());
    return this.#made;
  }
}

function open(keys: MerchantKeys) {
  if (keys.certificates.length === 0) throw new TypeError('merchant keys must hold a platform certificate');
  if (Buffer.byteLength(keys.apiV3Key) !== 32) throw new TypeError('an APIv3 key has 32 characters');
  const signing = new Map([[keys.publicKeyId, createPrivateKey(keys.publicKeyPrivatePem)]]);
  for (const { serial, privateKeyPem } of keys.certificates)
    signing.set(serial, createPrivateKey(privateKeyPem));
  return { keys, merchantKey: createPublicKey(keys.merchantPrivateKeyPem), signing };
}

/** What a signature covers, in bytes: each part on a line of its own, the last one too. */
export function signedText(...lines: (string | Uint8Array)[]): Buffer {
  const end = Buffer.from('\n');
  return Buffer.concat(lines.flatMap((line) => [Buffer.from(line), end]));
}

/** PKCS#1 v1.5 in base64. */
export function signBase64(text: Uint8Array, key: KeyObject, digest: 'RSA-SHA256' | 'RSA-SHA1'): string {
  return sign(digest, text, key).toString('base64');
}
