import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { DAY } from '@maque/kit';
import { createPlatformCertificate } from './platform-certificate.ts';

// WeChat's platform certificates are valid for 5 years.
const CERTIFICATE_LIFETIME = 5 * 365 * DAY;

/** One platform certificate, with the key that only WeChat has. */
export interface PlatformCertificate {
  readonly serial: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** All keys of a simulated merchant and of WeChat Pay: plain data, to be kept where a restart is to go unnoticed. */
export interface MerchantKeys {
  readonly mchId: string;
  readonly merchantSerial: string;
  readonly merchantPrivateKeyPem: string;
  /** 32 characters. */
  readonly apiV3Key: string;
  /** `PUB_KEY_ID_…` */
  readonly publicKeyId: string;
  /** WeChat's half of the public key. */
  readonly publicKeyPrivatePem: string;
  /** The newest last. */
  readonly certificates: readonly PlatformCertificate[];
}

/** Makes the keys of a new merchant. Three RSA keys: some tenths of a second. */
export function createMerchantKeys(mchId: string, nowEpochMs: number): MerchantKeys {
  return {
    mchId,
    merchantSerial: createSerial(),
    merchantPrivateKeyPem: createRsaKey(),
    apiV3Key: randomBytes(16).toString('hex'),
    publicKeyId: `PUB_KEY_ID_0${mchId}${randomBytes(11).toString('hex')}`,
    publicKeyPrivatePem: createRsaKey(),
    // In use since yesterday: nobody's clock is so wrong that it would not be valid yet.
    certificates: [createCertificate(nowEpochMs - DAY)],
  };
}

export function createCertificate(fromMs: number): PlatformCertificate {
  const facts = {
    serial: createSerial(),
    fromMs,
    untilMs: fromMs + CERTIFICATE_LIFETIME,
    privateKey: createRsaKey(),
  };
  const { privateKey: privateKeyPem, ...rest } = facts;
  return { ...rest, privateKeyPem, certificatePem: createPlatformCertificate(facts) };
}

/** PKCS#8 PEM. */
export function createRsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** 40 hexadecimal digits in upper case; the first keeps the number positive and its length. */
function createSerial(): string {
  return `5${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();
}
