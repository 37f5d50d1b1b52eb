import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { der } from './der.ts';

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const COUNTRY = '2.5.4.6';
const ORGANIZATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';

interface CertificateFacts {
  /** PKCS#8 PEM of the RSA key that the certificate is for; it signs itself. */
  readonly privateKey: string;
  /** 40 hexadecimal digits, as WeChat's are. */
  readonly serial: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * A platform certificate in PEM. Node can read X.509 but not write it, so it is put together here (RFC 5280, version 3
 * without extensions). WeChat's is signed by an authority; that chain nobody can check against a simulator.
 */
export function createPlatformCertificate({ privateKey, serial, fromMs, untilMs }: CertificateFacts): string {
  const key = createPrivateKey(privateKey);
  const algorithm = der.sequence(der.objectId(SHA256_WITH_RSA), der.null());
  const name = der.sequence(
    nameEntry(COUNTRY, 'CN'),
    nameEntry(ORGANIZATION, 'Maque simulator of WeChat Pay'),
    nameEntry(COMMON_NAME, 'Tenpay.com sign (simulated)'),
  );
  const facts = der.sequence(
    der.tagged(0, der.integer('02')),
    der.integer(serial),
    algorithm,
    name,
    der.sequence(der.time(fromMs), der.time(untilMs)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  );
  const certificate = der.sequence(facts, algorithm, der.bits(sign('RSA-SHA256', facts, key)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function nameEntry(kind: string, value: string): Uint8Array {
  return der.set(der.sequence(der.objectId(kind), der.text(value)));
}
