import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import { kinds, look, server, shop } from '../../../testing/shop-recordings.ts';
import { secretsReadable } from './secrets-readable.ts';

describe('G10 secrets-readable', () => {
  const withFile = (path: string, text: string, mode: number, more: HostRecording['facts'] = {}) =>
    server([shop], { [path]: text }, { facts: { [path]: { mode }, ...more } });
  const ENV = '/srv/shop/.env';

  it.each([
    ['a password for all to read', withFile(ENV, 'PORT=8080\nDB_PASSWORD=hush-hush\n', 0o644), ['warning']],
    ['one for its owner alone', withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o600), ['ok']],
    ['a file without a secret', withFile(ENV, 'PORT=8080\n# DB_PASSWORD=hush-hush\n', 0o644), ['ok']],
    ['an example', withFile(ENV, 'DB_PASSWORD=your-password\nSECRET=\nAPI_KEY=$KEY\n', 0o644), ['ok']],
    [
      'a key',
      withFile('/srv/shop/cert/apiclient_key.pem', '-----BEGIN PRIVATE KEY-----\nhush', 0o644),
      ['warning'],
    ],
    [
      'a certificate',
      withFile('/srv/shop/cert/apiclient_cert.pem', '-----BEGIN CERTIFICATE-----\n', 0o644),
      ['ok'],
    ],
    [
      'code that asks for one',
      withFile('/srv/shop/config/db.js', 'password: process.env.DB_PASSWORD,', 0o644),
      ['ok'],
    ],
    ['JSON', withFile('/srv/shop/config.json', '{"wechat":{"appSecret":"hush-hush"}}', 0o644), ['warning']],
    ['Redis', withFile('/etc/redis/redis.conf', 'requirepass hush-hush\n', 0o644), ['warning']],
    [
      'a unit',
      withFile('/etc/systemd/system/shop.service', '[Service]\nEnvironment=DB_PASSWORD=hush-hush\n', 0o644),
      ['warning'],
    ],
    ['an address', withFile(ENV, 'DATABASE_URL=mysql://shop:hush-hush@127.0.0.1/shop\n', 0o644), ['warning']],
    ['an address without one', withFile(ENV, 'REDIS_URL=redis://127.0.0.1:6379/0\n', 0o644), ['ok']],
    ['the data of the app', withFile('/srv/shop/data/maque.db', '', 0o644), ['warning']],
    [
      'a folder that nobody may enter',
      withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o644, { '/srv/shop': { kind: 'folder', mode: 0o700 } }),
      ['ok'],
    ],
  ] satisfies readonly (readonly [string, HostRecording, readonly string[]])[])(
    '%s',
    async (_what, host, expected) => {
      const outcomes = await look(secretsReadable, host);
      expect(outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind))).toEqual(expected);
      expect(JSON.stringify(outcomes)).not.toContain('hush');
    },
  );

  it('names the secret, and how to close the file', async () => {
    expect(await look(secretsReadable, withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o644))).toMatchObject([
      { data: { path: ENV, what: 'DB_PASSWORD' }, fix: [{ lines: [`chmod 600 '${ENV}'`] }] },
    ]);
  });

  it('says unknown where folders of apps may not be seen', async () => {
    expect(await kinds(secretsReadable, server([shop], {}, { links: { '/proc/900/cwd': null } }))).toEqual([
      'unknown',
    ]);
  });
});
