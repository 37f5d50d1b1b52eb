import { type KeyObject, X509Certificate } from 'node:crypto';
import { payFailure } from '../errors/wechat-pay-error.ts';
import { CERTIFICATES } from '../pay-api-facts.ts';
import { openResource, readResource } from '../signature/open-resource.ts';
import { type Disbelief, disbelieve } from '../signature/verify.ts';
import type { PayCaller } from '../transport/pay-caller.ts';
import type { PayAnswer } from '../transport/pay-request.ts';
import { readObject } from '../transport/read-refusal.ts';

/** A certificate that WeChat Pay signs with. */
export interface PlatformCertificate {
  /** Upper-case hex. */
  readonly serial: string;
  readonly key: KeyObject;
  readonly validFromMs: number;
  readonly validUntilMs: number;
}

interface CertificateSource {
  readonly call: PayCaller;
  readonly apiV3Key: KeyObject;
  /** A public key that is configured, by its id. */
  readonly publicKey: (serial: string) => KeyObject | undefined;
  readonly now: () => number;
}

/**
 * Downloads the platform certificates. Who has none yet cannot verify the answer before it is opened: each certificate in
 * it is encrypted with the APIv3 key, which only WeChat Pay and the merchant know, and one of them must have signed it.
 * @throws WechatPayError
 */
export async function fetchCertificates(source: CertificateSource): Promise<readonly PlatformCertificate[]> {
  const believe = async (answer: PayAnswer): Promise<Disbelief | undefined> => {
    // A refusal brings no key to verify it with, and nothing follows from it but that there are none.
    if (answer.httpStatus !== 200) return undefined;
    return disbelieve(answer, source.now(), async (serial) => {
      const inside = certificatesIn(readObject(answer.body) ?? {}, source.apiV3Key);
      return source.publicKey(serial) ?? inside.find((one) => one.serial === serial.toUpperCase())?.key;
    });
  };
  return certificatesIn(await source.call({ api: CERTIFICATES }, believe), source.apiV3Key);
}

/** @throws WechatPayError when there is none, or one cannot be opened or read. */
function certificatesIn(
  { data }: Readonly<Record<string, unknown>>,
  apiV3Key: KeyObject,
): readonly PlatformCertificate[] {
  if (!Array.isArray(data) || data.length === 0) throw unreadable('no list of certificates');
  return data.map((entry) => certificateIn(entry, apiV3Key));
}

function certificateIn(entry: unknown, apiV3Key: KeyObject): PlatformCertificate {
  const { serial_no: serial, encrypt_certificate: encrypted } = (entry ?? {}) as Record<string, unknown>;
  const resource = readResource(encrypted);
  if (resource === undefined) throw unreadable('a certificate that is not encrypted with AEAD_AES_256_GCM');
  const pem = openResource(resource, apiV3Key);
  if (pem === undefined) throw payFailure('WECHAT_PAY_MISCONFIGURED', CERTIFICATES.path);
  const certificate = readCertificate(pem);
  if (certificate.serial !== String(serial).toUpperCase()) {
    throw unreadable('a certificate under another serial number');
  }
  return certificate;
}

function readCertificate(pem: string): PlatformCertificate {
  try {
    const certificate = new X509Certificate(pem);
    return {
      serial: certificate.serialNumber.toUpperCase(),
      key: certificate.publicKey,
      validFromMs: Date.parse(certificate.validFrom),
      validUntilMs: Date.parse(certificate.validTo),
    };
  } catch {
    throw unreadable('a certificate that cannot be read');
  }
}

function unreadable(found: string): Error {
  return payFailure('WECHAT_PAY_ANSWER_UNREADABLE', CERTIFICATES.path, { httpStatus: 200, found });
}
