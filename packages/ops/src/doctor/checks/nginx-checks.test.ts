import { describe, expect, it } from 'vitest';
import {
  CONFIG,
  kinds,
  look,
  MAIN,
  noNginx,
  SHOP,
  SITE,
  withSite,
} from '../../../testing/nginx-recordings.ts';
import { recordedProcesses } from '../../../testing/recorded-process.ts';
import { accessLogCost } from './access-log-cost.ts';
import { certificatesValid } from './certificates-valid.ts';
import { nginxBuffers } from './nginx-buffers.ts';
import { configTestArguments, nginxConfigTest } from './nginx-config-test.ts';
import { nginxConnections } from './nginx-connections.ts';
import { tlsProtocols } from './tls-protocols.ts';
import { upstreamErrors } from './upstream-errors.ts';
import { wechatFront } from './wechat-front.ts';

const closed = withSite('', { [CONFIG]: null });

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
