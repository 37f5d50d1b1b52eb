import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { der } from './der.ts';
import { createPlatformCertificate } from './platform-certificate.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  it('writes the examples of X.690 and of the RSA standards', () => {
    expect(hexOf(der.integer('00'))).toBe('020100');
    expect(hexOf(der.integer('7f'))).toBe('02017f');
    expect(hexOf(der.integer('80'))).toBe('02020080');
    expect(hexOf(der.integer('0100'))).toBe('02020100');
    // rsadsi, RFC 8017.
    expect(hexOf(der.objectId('1.2.840.113549'))).toBe('06062a864886f70d');
    expect(hexOf(der.time(Date.UTC(2026, 10, 20, 14, 1, 2)))).toBe(
      `170d${Buffer.from('261120140102Z').toString('hex')}`,
    );
    expect(hexOf(der.text('麻雀'))).toBe('0c06e9babbe99b80');
  });

  it('says lengths in as few bytes as there may be', () => {
    expect(hexOf(der.sequence(Buffer.alloc(127))).slice(0, 4)).toBe('307f');
    expect(hexOf(der.sequence(Buffer.alloc(128))).slice(0, 6)).toBe('308180');
    expect(hexOf(der.sequence(Buffer.alloc(256))).slice(0, 8)).toBe('30820100');
    expect(hexOf(der.sequence(Buffer.alloc(65_536))).slice(0, 10)).toBe('3083010000');
  });
});

describe('a platform certificate', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it('is one that Node can read and whose signature is right', () => {
    const fromMs = Date.UTC(2026, 0, 1);
    const serial = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
    const text = createPlatformCertificate({ privateKey: pem, serial, fromMs, untilMs: fromMs + 1000 });
    const certificate = new X509Certificate(text);
    expect(certificate.serialNumber).toBe(serial);
    expect(certificate.validFromDate).toEqual(new Date(fromMs));
    expect(certificate.validToDate).toEqual(new Date(fromMs + 1000));
    expect(certificate.subject).toContain('CN=Tenpay.com sign (simulated)');
    expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('keeps any serial', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9A-F][0-9A-F]{39}$/), (serial) => {
        const text = createPlatformCertificate({ privateKey: pem, serial, fromMs: 0, untilMs: 1000 });
        return new X509Certificate(text).serialNumber === serial;
      }),
      { numRuns: 50 },
    );
  });
});
