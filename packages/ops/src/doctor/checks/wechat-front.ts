import { isIP } from 'node:net';
import type { Text } from '@maque/kit';
import type { FixLine, Severity } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { isDomain, type NginxServer } from '../facts/nginx-servers.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

const HTTPS = 443;

const NO_TLS: Text = {
  en: 'nginx has no server with TLS: WeChat only speaks https and wss (fine if a load balancer or CDN in front does it)',
  zh: 'nginx 没有启用 TLS 的 server：微信只允许 https 与 wss（若前面有负载均衡或 CDN 负责 TLS，则无妨）',
};
const OTHER_PORT: Text = {
  en: 'TLS is on port {port} only: the domain in the WeChat console needs that port too, and messages and payment notices want 443',
  zh: 'TLS 只在 {port} 端口：微信后台的服务器域名必须带上该端口，而消息推送与支付通知要求 443',
};
const NO_DOMAIN: Text = {
  en: 'no server with TLS has the name of a domain: WeChat accepts no address and no localhost',
  zh: '启用 TLS 的 server 没有配置域名：微信不接受 IP 地址或 localhost',
};
const PUBLIC_URL: Text = {
  en: 'MAQUE_PUBLIC_URL is {url}: WeChat needs https and a domain with an ICP record',
  zh: 'MAQUE_PUBLIC_URL 为 {url}：微信要求 https 且域名已 ICP 备案',
};
const NO_FRONT: Text = {
  en: 'nothing listens on port 443 here: WeChat only speaks https and wss (fine if a load balancer or CDN in front does it)',
  zh: '本机 443 端口无人监听：微信只允许 https 与 wss（若前面有负载均衡或 CDN 负责 TLS，则无妨）',
};

export const wechatFront: Check = {
  id: 'F10',
  name: 'wechat-front',
  group: 'front',
  title: { en: 'What WeChat demands of a server', zh: '微信对服务器的要求' },
  why: {
    en: 'wx.request, uploads and sockets work with https and wss only, with a domain and not an address; the message push and payment notices come to ports 80 and 443 alone (rules of the WeChat console).',
    zh: 'wx.request、上传与 WebSocket 只支持 https 与 wss，且必须是域名而非 IP；消息推送与支付通知只访问 80 与 443 端口（微信后台规则）。',
  },
  explanation: {
    en: 'The domain has to stand in the WeChat console under server domains, without a port if it is 443, and needs an ICP record when the server is in mainland China: neither can be seen from here. The developer tools can be told to skip these rules, phones cannot.',
    zh: '域名要填在微信后台的「服务器域名」里（443 端口不写端口号），服务器在中国大陆时还需 ICP 备案：这两点从服务器上看不到。开发者工具可以关闭校验，手机不行。',
  },
  async look(patient) {
    const urls = await publicUrls(patient);
    const nginx = await patient.nginx();
    if (nginx.kind === 'unreadable') return [...urls, cannotRead('nginx', nginx)];
    if (nginx.kind === 'absent') return [...urls, ...(await withoutNginx(patient))];
    const servers = nginx.value.flatMap((one) => one.servers);
    if (servers.length === 0) return urls.length > 0 ? urls : NOT_APPLICABLE;
    return [...urls, ofServers(servers, nginx.value[0]?.place.config ?? '')];
  },
};

function ofServers(servers: readonly NginxServer[], config: string): Outcome {
  const secure = servers.filter(({ listens }) => listens.some(({ isTls }) => isTls));
  if (secure.length === 0) return problem('warning', NO_TLS, {}, `${config}: no listen … ssl`, SECURE);
  const named = secure.filter(({ names }) => names.some(isDomain));
  const evidence = secure
    .map(({ at, names }) => `${at}: ${names.join(' ')}`)
    .join('; ')
    .slice(0, 300);
  if (named.length === 0) return problem('warning', NO_DOMAIN, {}, evidence, SECURE);
  const ports = named.flatMap(({ listens }) => listens.filter(({ isTls }) => isTls).map(({ port }) => port));
  if (!ports.includes(HTTPS))
    return problem('warning', OTHER_PORT, { port: ports[0] ?? 0 }, evidence, SECURE);
  return { kind: 'ok', evidence };
}

/** Another front may stand before the app, on this machine or elsewhere. */
async function withoutNginx(patient: Patient): Promise<readonly Outcome[]> {
  const services = await patient.services();
  const hasApp = services.kind === 'value' && services.value.some(({ programs }) => programs.has('node'));
  if (!hasApp || (await patient.isInsideContainer())) return NOT_APPLICABLE;
  const sockets = await patient.listeningSockets();
  if (sockets.kind !== 'value') return [cannotRead('/proc/net/tcp', sockets)];
  const open = sockets.value.filter(({ isOpen }) => isOpen);
  if (open.some(({ port }) => port === HTTPS)) return [{ kind: 'ok', evidence: 'port 443 is open' }];
  const ports = [...new Set(open.map(({ port }) => port))].slice(0, 20).join(' ');
  return [problem('info', NO_FRONT, {}, `open ports: ${ports}`, SECURE)];
}

/** What Maque was told of its own address. */
async function publicUrls(patient: Patient): Promise<readonly Outcome[]> {
  const processes = await patient.processes();
  const told = (processes.kind === 'value' ? processes.value : []).filter(
    ({ environment }) => (environment?.get('MAQUE_ENV') ?? 'dev') !== 'dev',
  );
  const urls = new Set(
    told.map(({ environment }) => environment?.get('MAQUE_PUBLIC_URL') ?? '').filter((url) => url !== ''),
  );
  return [...urls].map((url) => {
    const parsed = URL.parse(url);
    const shown = parsed === null ? '?' : `${parsed.protocol}//${parsed.host}`;
    const host = parsed?.hostname.replace(/^\[|\]$/g, '') ?? '';
    const evidence = `MAQUE_PUBLIC_URL=${shown}`;
    if (parsed?.protocol === 'https:' && isIP(host) === 0 && isDomain(host)) return { kind: 'ok', evidence };
    const fix = [
      {
        where: { en: 'in the environment of the app', zh: '应用的环境变量' },
        lines: ['MAQUE_PUBLIC_URL=https://<domain>'],
      },
    ];
    return problem('warning', PUBLIC_URL, { url: shown }, evidence, fix);
  });
}

function problem(
  severity: Severity,
  text: Text,
  data: Readonly<Record<string, string | number>>,
  evidence: string,
  fix: readonly FixLine[],
): Outcome {
  return { kind: 'finding', severity, text, data, evidence, fix };
}

const SECURE: readonly FixLine[] = [
  {
    where: {
      en: 'a server block of nginx; the certificate from certbot or the cloud',
      zh: 'nginx 的 server 段；证书可用 certbot 或云厂商申请',
    },
    lines: [
      'listen 443 ssl;',
      'server_name <domain>;',
      'ssl_certificate /etc/letsencrypt/live/<domain>/fullchain.pem;',
      'ssl_certificate_key /etc/letsencrypt/live/<domain>/privkey.pem;',
      'ssl_protocols TLSv1.2 TLSv1.3;',
    ],
  },
];
