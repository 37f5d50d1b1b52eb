import { describe, expect, it } from 'vitest';
import {
  ISSUER_CERTIFICATE,
  OLD_CERTIFICATE,
  SELF_SIGNED_CERTIFICATE,
  SHOP_CERTIFICATE,
} from '../../../testing/certificates.ts';
import {
  CERTIFICATE,
  CHAIN,
  kinds,
  look,
  noNginx,
  SHOP,
  withSite,
} from '../../../testing/nginx-recordings.ts';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import { recordedProcesses } from '../../../testing/recorded-process.ts';
import { tlsArguments } from '../facts/tls-answer.ts';
import { certificatesValid } from './certificates-valid.ts';
import { payCertificates } from './pay-certificates.ts';
import { tlsAnswer } from './tls-answer.ts';

const DAY = 86_400_000;

describe('F2 certificates', () => {
  const at = (days: number, pem = CHAIN) =>
    withSite(SHOP, { [CERTIFICATE]: pem }, { nowMs: Date.UTC(2026, 6, 1) - days * DAY });

  it('is fine with two months to go and the whole chain', async () => {
    expect(await kinds(certificatesValid, at(60))).toEqual(['ok']);
  });

  it.each([
    [13, 'warning'],
    [2, 'critical'],
    [-1, 'critical'],
    [100, 'critical'],
  ])('%d days before the end it is %s', async (days, severity) => {
    expect(await kinds(certificatesValid, at(days))).toEqual([severity]);
  });

  it('finds the issuer missing', async () => {
    expect(await look(certificatesValid, at(60, SHOP_CERTIFICATE))).toMatchObject([
      { severity: 'critical', data: { issuer: 'Example Issuing CA' } },
    ]);
  });

  it('finds one that is signed by itself', async () => {
    expect(await look(certificatesValid, at(60, SELF_SIGNED_CERTIFICATE))).toMatchObject([
      { severity: 'critical', text: { en: expect.stringContaining('signed by itself') } },
    ]);
  });

  it('finds one for another name, and knows stars', async () => {
    const named = (name: string) => withSite(SHOP.replace('shop.example.com', name));
    expect(await look(certificatesValid, named('api.example.com'))).toMatchObject([
      { severity: 'critical', data: { wanted: 'api.example.com' } },
    ]);
    expect(await kinds(certificatesValid, named('a.cdn.example.com'))).toEqual(['ok']);
    expect(await kinds(certificatesValid, named('a.b.cdn.example.com'))).toEqual(['critical']);
  });

  it('leaves the server for strangers alone', async () => {
    const site = SHOP.replace('shop.example.com', '_');
    expect(
      await kinds(certificatesValid, withSite(site, { [CERTIFICATE]: SELF_SIGNED_CERTIFICATE })),
    ).toEqual(['not-applicable']);
  });

  it('says unknown of a file that may not be read, and of a site that may not', async () => {
    expect(await kinds(certificatesValid, withSite(SHOP, { [CERTIFICATE]: null }))).toEqual(['unknown']);
    expect(await kinds(certificatesValid, withSite(SHOP, { '/etc/nginx/conf.d/z.conf': null }))).toEqual([
      'ok',
      'unknown',
    ]);
  });
});

describe('F7 tls-answer', () => {
  const where = '127.0.0.1:443';
  const command = (...flags: string[]) =>
    ['openssl', ...tlsArguments(where, 'shop.example.com', ...flags)].join(' ');
  const answer = (pem: string, protocol = 'TLSv1.3', verify = '0 (ok)') =>
    `CONNECTED(00000003)\n${pem}---\nNew, ${protocol}, Cipher is TLS_AES_256_GCM_SHA384\nVerify return code: ${verify}\n---\n`;
  const refusal = {
    stdout:
      'CONNECTED(00000003)\n---\nno peer certificate available\n---\nNew, (NONE), Cipher is (NONE)\nVerify return code: 0 (ok)\n',
    stderr:
      '4067B5AF197F0000:error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/record/rec_layer_s3.c:1601:SSL alert number 112\n',
    code: 1,
  };
  const asked = (
    first: string | typeof refusal | null,
    second: string | typeof refusal = answer(CHAIN, 'TLSv1.2'),
  ) => withSite(SHOP, {}, { commands: { [command()]: first, [command('-tls1_2')]: second } });

  it('is fine with an answer that this machine trusts, also to phones of TLS 1.2', async () => {
    expect(await kinds(tlsAnswer, asked(answer(CHAIN)))).toEqual(['ok']);
  });

  it('says why no connection came about', async () => {
    expect(await look(tlsAnswer, asked(refusal))).toMatchObject([
      { severity: 'critical', data: { error: 'tlsv1 unrecognized name' } },
    ]);
  });

  it('finds phones of TLS 1.2 shut out', async () => {
    expect(await look(tlsAnswer, asked(answer(CHAIN), refusal))).toMatchObject([
      { severity: 'critical', data: { protocol: 'TLSv1.3' } },
    ]);
  });

  it('finds the old certificate still in use', async () => {
    expect(await look(tlsAnswer, asked(answer(OLD_CERTIFICATE + ISSUER_CERTIFICATE)))).toMatchObject([
      { severity: 'warning', data: { shown: '2026-05-10', renewed: '2026-07-01' } },
    ]);
  });

  it('finds a certificate that nobody trusts, less surely where it may be this machine', async () => {
    const untrusted = (pem: string, code: string) => kinds(tlsAnswer, asked(answer(pem, 'TLSv1.3', code)));
    expect(await untrusted(SHOP_CERTIFICATE, '21 (unable to verify the first certificate)')).toEqual([
      'critical',
    ]);
    expect(await untrusted(CHAIN, '20 (unable to get local issuer certificate)')).toEqual(['warning']);
  });

  it('says unknown without openssl, or where it may not be run', async () => {
    expect(await kinds(tlsAnswer, withSite(SHOP))).toEqual(['unknown']);
    expect(await kinds(tlsAnswer, asked(null))).toEqual(['unknown']);
  });

  it('asks whoever listens on 443 where there is no nginx', async () => {
    const sockets = (line: string) => ({ ...noNginx, files: { ...noNginx.files, '/proc/net/tcp': line } });
    const open =
      '   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1526 1\n';
    const commands = { [['openssl', ...tlsArguments(where, null)].join(' ')]: refusal };
    expect(await kinds(tlsAnswer, { ...sockets(open), commands })).toEqual(['critical']);
    expect(await kinds(tlsAnswer, sockets(open.replace('00000000:01BB', '0100007F:01BB')))).toEqual([
      'not-applicable',
    ]);
  });
});

describe('F9 pay-certificates', () => {
  const app = recordedProcesses([
    {
      pid: 900,
      executable: '/usr/bin/node',
      environment: { MAQUE_PAY_KEY_FILE: 'keys/pay/apiclient_key.pem' },
    },
  ]);
  const withCertificate = (
    path: string,
    days: number,
    pem: string | null = SHOP_CERTIFICATE,
  ): HostRecording => ({
    nowMs: Date.UTC(2026, 6, 1) - days * DAY,
    files: { ...app.files, [path]: pem },
    links: { ...app.links, '/proc/900/cwd': '/srv/shop' },
  });

  it.each([
    [40, 'ok'],
    [29, 'warning'],
    [6, 'critical'],
    [-3, 'critical'],
  ])('%d days before the end it is %s', async (days, expected) => {
    expect(await kinds(payCertificates, withCertificate('/srv/shop/cert/apiclient_cert.pem', days))).toEqual([
      expected,
    ]);
  });

  it('looks beside the key that the app was told of', async () => {
    expect(await kinds(payCertificates, withCertificate('/srv/shop/keys/pay/apiclient_cert.pem', 3))).toEqual(
      ['critical'],
    );
  });

  it('says unknown of what may not be read, and nothing where there is none', async () => {
    expect(await kinds(payCertificates, withCertificate('/srv/shop/apiclient_cert.pem', 3, null))).toEqual([
      'unknown',
    ]);
    const hidden = { ...withCertificate('/x', 3), links: { ...app.links, '/proc/900/cwd': null } };
    expect(await kinds(payCertificates, hidden)).toEqual(['unknown']);
    expect(await kinds(payCertificates, withCertificate('/srv/shop/other.pem', 3))).toEqual([
      'not-applicable',
    ]);
  });
});
