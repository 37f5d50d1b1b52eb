import { X509Certificate } from 'node:crypto';
import type { Reading } from '../host/host.ts';

/** What a file of certificates, or an answer over TLS, holds: the server's own first. */
export interface CertificateFacts {
  /** Names it is for: `shop.example.com`, `*.example.com`. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly isSelfSigned: boolean;
  /** Whether the next one in the file has signed the first: without it a phone does not know whom to trust. */
  readonly hasIssuer: boolean;
  readonly issuer: string;
}

/** A chain has two or three; whoever puts a whole store there gets its beginning read. */
const MOST_CERTIFICATES = 20;

export function certificatesIn(pem: string): Reading<CertificateFacts> {
  const blocks = pem.match(
    /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g,
  );
  if (blocks === null) return { kind: 'unreadable', reason: 'no certificate in it' };
  try {
    const [own, ...others] = blocks.slice(0, MOST_CERTIFICATES).map((block) => new X509Certificate(block));
    if (own === undefined) return { kind: 'absent' };
    return { kind: 'value', value: factsOf(own, others) };
  } catch {
    return { kind: 'unreadable', reason: 'not a certificate' };
  }
}

/** Whether a certificate is good for a name; a star stands for one part. */
export function isForName({ names }: CertificateFacts, name: string): boolean {
  const wanted = name.toLowerCase();
  return names.some((one) => {
    const known = one.toLowerCase();
    return known === wanted || (known.startsWith('*.') && known.slice(1) === wanted.replace(/^[^.]+/, ''));
  });
}

function factsOf(own: X509Certificate, others: readonly X509Certificate[]): CertificateFacts {
  const alternatives = [...(own.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(
    ([, name = '']) => name,
  );
  const common = /^CN=(.*)$/m.exec(own.subject ?? '')?.[1];
  return {
    names: alternatives.length > 0 || common === undefined ? alternatives : [common],
    validFromMs: Date.parse(own.validFrom),
    validToMs: Date.parse(own.validTo),
    isSelfSigned: own.issuer === own.subject,
    hasIssuer: others.some((other) => own.checkIssued(other)),
    issuer: /^(?:CN|O)=(.*)$/m.exec(own.issuer ?? '')?.[1] ?? '?',
  };
}
