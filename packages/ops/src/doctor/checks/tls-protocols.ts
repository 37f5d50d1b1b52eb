import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import type { NginxPlace } from '../facts/nginx-places.ts';
import type { NginxServer } from '../facts/nginx-servers.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

const OLD = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1'];
const NEEDED = 'TLSv1.2';

const TOO_OLD: Text = {
  en: '{server} still speaks {old}, which browsers, Apple and audits refuse since 2020',
  zh: '{server} 仍启用 {old}；自 2020 年起浏览器、苹果与安全审查都已不接受',
};
const NO_12: Text = {
  en: '{server} does not speak TLS 1.2: WeChat on many phones cannot connect',
  zh: '{server} 未启用 TLS 1.2：很多手机上的微信无法连接',
};

const BY_DEFAULT: Text = {
  en: 'ssl_protocols is not set for {servers}: nginx {version} then also speaks TLS 1.0 and 1.1, where OpenSSL lets it',
  zh: '{servers} 未设置 ssl_protocols:nginx {version} 默认还会启用 TLS 1.0 与 1.1（只要 OpenSSL 允许）',
};
const FIX: readonly FixLine[] = [
  {
    where: {
      en: 'in the http or server block, then: nginx -s reload',
      zh: '写在 http 或 server 段，然后执行：nginx -s reload',
    },
    lines: ['ssl_protocols TLSv1.2 TLSv1.3;'],
  },
];

export const tlsProtocols: Check = {
  id: 'F3',
  name: 'tls-protocols',
  group: 'front',
  title: { en: 'Versions of TLS', zh: 'TLS 版本' },
  why: {
    en: "WeChat's network rules demand TLS 1.2 or higher, and iOS the same; 1.0 and 1.1 were withdrawn by RFC 8996 (2021).",
    zh: '微信要求服务器支持 TLS 1.2 及以上，iOS 同样如此；TLS 1.0 与 1.1 已被 RFC 8996（2021 年）废止。',
  },
  explanation: {
    en: 'TLS is what makes http into https. Both sides agree on the newest version that both know. Old versions can be broken, so they are turned off; 1.2 has to stay, as older phones know no other safe one.',
    zh: 'TLS 是 https 中的 s。双方会选用都支持的最新版本。旧版本可被破解，应当关闭；1.2 必须保留，因为旧手机只支持到它。',
  },
  async look(patient) {
    const outcomes = await ofEachNginx(patient, async ({ servers, place }) => {
      const secure = servers.filter(({ listens }) => listens.some(({ isTls }) => isTls));
      const untold = secure.filter((server) => server.value('ssl_protocols') === undefined);
      const told = secure.filter((server) => !untold.includes(server)).flatMap(ofServer);
      return untold.length === 0 ? told : [...told, await ofDefault(patient.host, place, untold)];
    });
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
  },
};

function ofServer(server: NginxServer): readonly Outcome[] {
  const protocols = server.value('ssl_protocols') ?? [];
  const names = server.names.join(' ') === '' ? server.at : server.names.join(' ');
  const evidence = `${server.at}: ssl_protocols ${protocols.join(' ')}`;
  const old = protocols.filter((protocol) => OLD.includes(protocol));
  const problems: Outcome[] = [];
  if (!protocols.includes(NEEDED))
    problems.push({
      kind: 'finding',
      severity: 'critical',
      text: NO_12,
      data: { server: names },
      evidence,
      fix: FIX,
    });
  if (old.length > 0) {
    const data = { server: names, old: old.join(', ') };
    problems.push({ kind: 'finding', severity: 'warning', text: TOO_OLD, data, evidence, fix: FIX });
  }
  return problems.length > 0 ? problems : [{ kind: 'ok', evidence }];
}

/** Since this version 1.2 and 1.3; before, the older ones too, which Debian 12's OpenSSL turns off, and CentOS 7's does not. */
const SAFE_BY_DEFAULT = [1, 23, 4];

async function ofDefault(host: Host, place: NginxPlace, servers: readonly NginxServer[]): Promise<Outcome> {
  const answer = await host.run('nginx', ['-v']);
  if (answer.kind !== 'value') return cannotRead('nginx -v', answer);
  const version = /version: (?:nginx|openresty)\/([\d.]+)/.exec(answer.value.stderr)?.[1];
  if (version === undefined)
    return cannotRead('nginx -v', { kind: 'unreadable', reason: 'not a version of nginx' });
  const evidence = `ssl_protocols not set; nginx ${version} (${place.config})`;
  if (!isOlder(version.split('.').map(Number), SAFE_BY_DEFAULT)) return { kind: 'ok', evidence };
  const data = { servers: servers.flatMap((one) => one.names).join(' '), version };
  return { kind: 'finding', severity: 'info', text: BY_DEFAULT, data, evidence, fix: FIX };
}

function isOlder(version: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((part, index) => part !== version[index]);
  return at !== -1 && (version[at] ?? 0) < (other[at] ?? 0);
}
