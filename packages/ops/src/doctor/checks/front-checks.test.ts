import { describe, expect, it } from 'vitest';
import {
  ISSUER_CERTIFICATE,
  OLD_CERTIFICATE,
  SELF_SIGNED_CERTIFICATE,
  SHOP_CERTIFICATE,
} from '../../../testing/certificates.ts';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { tlsArguments } from '../facts/tls-answer.ts';
import { Patient } from '../patient.ts';
import { accessLogCost } from './access-log-cost.ts';
import { certificatesValid } from './certificates-valid.ts';
import { nginxBuffers } from './nginx-buffers.ts';
import { configTestArguments, nginxConfigTest } from './nginx-config-test.ts';
import { nginxConnections } from './nginx-connections.ts';
import { payCertificates } from './pay-certificates.ts';
import { tlsAnswer } from './tls-answer.ts';
import { tlsProtocols } from './tls-protocols.ts';
import { upstreamErrors } from './upstream-errors.ts';
import { wechatFront } from './wechat-front.ts';

const CONFIG = '/etc/nginx/nginx.conf';
const SITE = '/etc/nginx/conf.d/shop.conf';
const CERTIFICATE = '/etc/ssl/shop.pem';
const MEMORY = { '/proc/meminfo': `MemTotal: ${960 * 1024} kB\nMemAvailable: ${500 * 1024} kB\n` };
const DAY = 86_400_000;
const MAY_FIRST = Date.UTC(2026, 4, 1);

const MAIN = `user www-data;
events { worker_connections 1024; }
http {
  access_log /var/log/nginx/access.log;
  error_log /var/log/nginx/error.log;
  client_max_body_size 20m;
  include conf.d/*.conf;
}
`;
const SHOP = `server {
  listen 443 ssl;
  server_name shop.example.com;
  ssl_certificate ${CERTIFICATE};
  location / { proxy_pass http://127.0.0.1:8080; }
}
`;
const WORKERS = recordedProcesses([
  { pid: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: master process /usr/sbin/nginx'] },
  { pid: 81, parent: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: worker process'] },
  { pid: 82, parent: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: worker process'] },
]);
const CHAIN = SHOP_CERTIFICATE + ISSUER_CERTIFICATE;

/** A server with nginx and one site. */
function withSite(
  site: string,
  files: HostRecording['files'] = {},
  more: Omit<HostRecording, 'files'> = {},
): HostRecording {
  return {
    ...more,
    files: { ...WORKERS.files, ...MEMORY, [CONFIG]: MAIN, [SITE]: site, [CERTIFICATE]: CHAIN, ...files },
    links: { ...WORKERS.links, ...more.links },
    facts: { '/usr/sbin/nginx': { mode: 0o755 }, ...more.facts },
  };
}

const noNginx: HostRecording = {
  files: { ...recordedProcesses([{ pid: 1, executable: '/sbin/init' }]).files, [CONFIG]: MAIN },
};
const closed = withSite('', { [CONFIG]: null });

async function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

async function kinds(check: Check, recording: HostRecording): Promise<readonly string[]> {
  return (await look(check, recording)).map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

describe.each([
  nginxConfigTest,
  certificatesValid,
  tlsProtocols,
  nginxBuffers,
  nginxConnections,
  upstreamErrors,
  accessLogCost,
])('$id $name', (check) => {
  it('has nothing to say where no nginx runs, though its files are there', async () => {
    expect(await kinds(check, noNginx)).toEqual(['not-applicable']);
  });

  it('says unknown where the configuration may not be read', async () => {
    const outcomes = await kinds(check, check === nginxConfigTest ? { ...closed, facts: {} } : closed);
    expect(outcomes).toEqual(['unknown']);
  });
});

describe('F1 nginx-config', () => {
  const command = ['/usr/sbin/nginx', ...configTestArguments(CONFIG)].join(' ');
  const answering = (code: number, stderr: string) =>
    withSite(SHOP, {}, { commands: { [command]: { code, stderr } } });

  it('is fine with what nginx accepts', async () => {
    expect(await kinds(nginxConfigTest, answering(0, 'nginx: … test is successful\n'))).toEqual(['ok']);
  });

  it('shows the line that nginx refuses', async () => {
    const stderr = `2026/05/01 08:00:00 [emerg] 12#12: unknown directive "foo" in ${SITE}:2\nnginx: configuration file ${CONFIG} test failed\n`;
    expect(await look(nginxConfigTest, answering(1, stderr))).toMatchObject([
      { severity: 'critical', evidence: expect.stringContaining('unknown directive "foo"') },
    ]);
  });

  it('does not take what only root may open for a mistake', async () => {
    const stderr =
      '2026/05/01 08:00:00 [emerg] 12#12: open() "/run/nginx.pid" failed (13: Permission denied)\n';
    expect(await kinds(nginxConfigTest, answering(1, stderr))).toEqual(['unknown']);
  });

  it('runs no program and no configuration of anybody but root', async () => {
    const facts = { '/usr/sbin/nginx': { mode: 0o777 } };
    expect(await kinds(nginxConfigTest, { ...answering(0, ''), facts })).toEqual(['unknown']);
  });
});

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

describe('F3 tls-protocols', () => {
  const speaking = (protocols: string) =>
    withSite(SHOP.replace('listen', `ssl_protocols ${protocols};\n listen`));

  it.each([
    ['TLSv1.2 TLSv1.3', ['ok']],
    ['TLSv1 TLSv1.1 TLSv1.2', ['warning']],
    ['TLSv1.3', ['critical']],
    ['TLSv1.1', ['critical', 'warning']],
  ])('%s: %j', async (protocols, expected) => {
    expect(await kinds(tlsProtocols, speaking(protocols))).toEqual(expected);
  });

  it('takes what stands in the http block for all servers', async () => {
    const main = MAIN.replace('access_log', 'ssl_protocols TLSv1.1 TLSv1.2;\n  access_log');
    expect(await kinds(tlsProtocols, withSite(SHOP, { [CONFIG]: main }))).toEqual(['warning']);
  });

  it('knows what an nginx speaks that was told nothing', async () => {
    const version = (text: string) => withSite(SHOP, {}, { commands: { 'nginx -v': { stderr: text } } });
    expect(await kinds(tlsProtocols, version('nginx version: nginx/1.20.1\n'))).toEqual(['info']);
    expect(await kinds(tlsProtocols, version('nginx version: nginx/1.26.3\n'))).toEqual(['ok']);
    expect(await kinds(tlsProtocols, withSite(SHOP))).toEqual(['unknown']);
  });
});

describe('F4 nginx-buffers', () => {
  const inHttp = (lines: string) =>
    withSite(SHOP, { [CONFIG]: MAIN.replace('client_max_body_size 20m;', lines) });

  it.each([
    ['client_max_body_size 20m;', ['ok']],
    ['client_max_body_size 20m; client_body_buffer_size 10m;', ['warning']],
    ['client_max_body_size 20m; proxy_buffers 32 64k;', ['warning']],
    ['client_max_body_size 20m; fastcgi_buffers 4 64k;', ['ok']],
    ['client_max_body_size 0;', ['warning']],
    ['', ['info']],
    ['client_max_body_size 512k;', ['info']],
  ])('%s %j', async (lines, expected) => {
    expect(await kinds(nginxBuffers, inHttp(lines))).toEqual(expected);
  });
});

describe('F5 nginx-connections', () => {
  const main = (from: string, to: string) => withSite(SHOP, { [CONFIG]: MAIN.replace(from, to) });

  it('is fine as packages have it', async () => {
    expect(await kinds(nginxConnections, withSite(SHOP))).toEqual(['ok']);
  });

  it('finds connections that are kept too long on a small box', async () => {
    const long = main('access_log', 'keepalive_timeout 5m;\n access_log');
    expect(await kinds(nginxConnections, long)).toEqual(['warning']);
    const large = { ...long.files, '/proc/meminfo': `MemTotal: ${4096 * 1024} kB\nMemAvailable: 1 kB\n` };
    expect(await kinds(nginxConnections, { ...long, files: large })).toEqual(['ok']);
  });

  it('finds memory for connections that nobody makes', async () => {
    expect(await look(nginxConnections, main('1024', '51200'))).toMatchObject([
      { severity: 'info', data: { connections: 51_200, workers: 2, memory: '42.4 MiB' } },
    ]);
  });
});

/** Lines of an access log: one every so many seconds up to the moment, the given ones last. */
function accessLog(count: number, everySeconds: number, statuses: readonly number[]): string {
  const all = [...Array.from({ length: count }, () => 200), ...statuses];
  const lines = all.map((status, index) => {
    const at = new Date(MAY_FIRST - (all.length - 1 - index) * everySeconds * 1_000 + 8 * 3_600_000);
    const [date = '', time = ''] = at.toISOString().slice(0, 19).split('T');
    const [year, , day] = date.split('-');
    const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    return `1.2.3.4 - - [${day}/${month}/${year}:${time} +0800] "GET /api/me HTTP/1.1" ${status} 12 "-" "phone"\n`;
  });
  return lines.join('');
}

const ACCESS_LOG = '/var/log/nginx/access.log';
const ERROR_LOG = '/var/log/nginx/error.log';
const upstreamError = (time: string) =>
  `2026/05/01 ${time} [error] 81#81: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4, server: shop.example.com, request: "GET /api/me?token=hush HTTP/1.1", upstream: "http://127.0.0.1:8080/api/me"\n`;

describe('F6 upstream-errors', () => {
  const logs = (access: string | null, errors: string | null) =>
    withSite(SHOP, { [ACCESS_LOG]: access, [ERROR_LOG]: errors });

  it('is fine with an error in two hundred requests', async () => {
    expect(await kinds(upstreamErrors, logs(accessLog(200, 1, [502]), ''))).toEqual(['ok']);
  });

  it('finds two in a hundred that got no answer', async () => {
    expect(
      await look(upstreamErrors, logs(accessLog(294, 1, [502, 502, 504, 502, 502, 502]), '')),
    ).toMatchObject([{ severity: 'warning', data: { failed: 6, requests: 300, span: '5 min' } }]);
  });

  it('finds them by the error log alone, in whatever zone it is, and repeats nothing of the requests', async () => {
    // The server is in China: at midnight UTC its clock shows eight.
    const lines = ['06:59:00', '07:30:00', '07:40:00', '07:50:00', '07:59:00', '08:00:00'].map(upstreamError);
    const outcomes = await look(upstreamErrors, withSite(SHOP, { [ERROR_LOG]: lines.join('') }));
    expect(outcomes).toMatchObject([{ severity: 'warning', data: { failed: 5 } }]);
    expect(JSON.stringify(outcomes)).not.toContain('hush');
  });

  it('forgets what is older than an hour', async () => {
    const lines =
      Array.from({ length: 9 }, () => upstreamError('06:30:00')).join('') + upstreamError('08:00:00');
    expect(await kinds(upstreamErrors, withSite(SHOP, { [ERROR_LOG]: lines }))).toEqual(['ok']);
  });

  it('says unknown without the logs', async () => {
    expect(await kinds(upstreamErrors, logs(null, null))).toEqual(['unknown']);
    expect(await kinds(upstreamErrors, withSite(SHOP))).toEqual(['unknown']);
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

describe('F8 access-log-cost', () => {
  it('counts lines a second', async () => {
    const calm = withSite(SHOP, { [ACCESS_LOG]: accessLog(100, 1, []) });
    const busy = withSite(SHOP, { [ACCESS_LOG]: accessLog(3_000, 0.001, []) });
    expect(await kinds(accessLogCost, calm)).toEqual(['ok']);
    expect(await look(accessLogCost, busy)).toMatchObject([{ severity: 'info', data: { path: ACCESS_LOG } }]);
  });

  it('has no worry about a log with a buffer', async () => {
    const main = MAIN.replace('access.log;', 'access.log combined buffer=64k flush=5s;');
    expect(await kinds(accessLogCost, withSite(SHOP, { [CONFIG]: main }))).toEqual(['ok']);
  });

  it('says unknown of a log that may not be read', async () => {
    expect(await kinds(accessLogCost, withSite(SHOP, { [ACCESS_LOG]: null }))).toEqual(['unknown']);
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

describe('F10 wechat-front', () => {
  it.each([
    ['a domain with TLS on 443', SHOP, ['ok']],
    ['no TLS', SHOP.replace('443 ssl', '80'), ['warning']],
    ['another port', SHOP.replace('443', '8443'), ['warning']],
    ['an address in the place of a domain', SHOP.replace('shop.example.com', '203.0.113.7'), ['warning']],
    ['no server at all', '', ['not-applicable']],
  ])('%s', async (_what, site, expected) => {
    expect(await kinds(wechatFront, withSite(site))).toEqual(expected);
  });

  it('says unknown where the configuration may not be read', async () => {
    expect(await kinds(wechatFront, closed)).toEqual(['unknown']);
  });

  it('notices that an app has no front here', async () => {
    const app = recordedProcesses([{ pid: 900, executable: '/usr/bin/node' }]);
    const listening = (port: string) => ({
      files: {
        ...app.files,
        '/proc/net/tcp': `0: 00000000:${port} 00000000:0000 0A 0:0 00:0 0 0 0 1526 1\n`,
      },
      links: app.links,
    });
    expect(await look(wechatFront, listening('1F90'))).toMatchObject([
      { severity: 'info', evidence: 'open ports: 8080' },
    ]);
    expect(await kinds(wechatFront, listening('01BB'))).toEqual(['ok']);
    expect(await kinds(wechatFront, { ...app })).toEqual(['unknown']);
  });

  it('finds an address of its own that WeChat does not take, without what else is in it', async () => {
    const told = (url: string) => {
      const environment = { MAQUE_ENV: 'prod', MAQUE_PUBLIC_URL: url };
      const app = recordedProcesses([{ pid: 900, executable: '/usr/bin/node', environment }]);
      return withSite(SHOP, app.files, { links: app.links });
    };
    expect(await kinds(wechatFront, told('https://shop.example.com'))).toEqual(['ok', 'ok']);
    const outcomes = await look(wechatFront, told('http://user:hush@203.0.113.7/api'));
    expect(outcomes).toMatchObject([
      { severity: 'warning', data: { url: 'http://203.0.113.7' } },
      { kind: 'ok' },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('hush');
  });
});
