import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { certificatesIn } from '../facts/certificates.ts';
import { type NginxFacts, outsidePath } from '../facts/nginx.ts';
import { isDomain, type NginxServer } from '../facts/nginx-servers.ts';
import { askTls, type TlsAnswer } from '../facts/tls-answer.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

const HTTPS = 443;
/** Each takes two programs that run for some 30 ms. */
const MOST_NAMES = 3;
/** OpenSSL's number for an issuer that is not in this machine's store. */
const ISSUER_UNKNOWN = 20;

const NO_ANSWER: Text = {
  en: '{name} does not answer over TLS on port 443: {error}',
  zh: '{name} 在 443 端口没有 TLS 响应：{error}',
};
const NO_12: Text = {
  en: '{name} answers with {protocol}, but not to a phone that knows TLS 1.2 only: {error}',
  zh: '{name} 能用 {protocol} 应答，但只支持 TLS 1.2 的手机连不上：{error}',
};
const NOT_TRUSTED: Text = {
  en: '{name} shows a certificate that this machine does not trust: {reason}',
  zh: '{name} 出示的证书不被本机信任：{reason}',
};
const STALE: Text = {
  en: '{name} still shows the certificate that ends {shown}, though the file has one that ends {renewed}: nginx was not reloaded',
  zh: '{name} 出示的仍是 {shown} 到期的旧证书，而文件中的新证书 {renewed} 才到期：nginx 没有重载',
};

export const tlsAnswer: Check = {
  id: 'F7',
  name: 'tls-answer',
  group: 'front',
  title: { en: 'What a phone gets on port 443', zh: '手机在 443 端口得到的响应' },
  why: {
    en: 'Files say what should be served; only a connection tells what is: an nginx that was not reloaded after a renewal shows the old certificate until it ends, and WeChat needs TLS 1.2 and a chain that is trusted.',
    zh: '文件只说明应该提供什么，连接才知道实际提供什么：续签后没有重载的 nginx 会一直出示旧证书直到过期；微信要求 TLS 1.2 与可信的证书链。',
  },
  explanation: {
    en: 'The doctor connects to this machine itself, by the name of your domain, as a phone would, and looks at what comes back. It sends nothing to the outside, and cannot see a firewall or a security group of the cloud in front.',
    zh: 'maque doctor 以你的域名连接本机，像手机那样查看返回的内容。它不向外发送任何数据，也看不到前面的防火墙或云安全组。',
  },
  async look(patient) {
    const places = await placesToAsk(patient);
    if (places === 'unknown') return [cannotRead('/proc/net/tcp', { kind: 'unreadable', reason: 'EACCES' })];
    const outcomes = await Promise.all(places.slice(0, MOST_NAMES).map((place) => ask(patient.host, place)));
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes.flat();
  },
};

interface PlaceToAsk {
  readonly where: string;
  readonly name: string | null;
  readonly from: readonly [NginxFacts, NginxServer] | null;
}

/** The names of nginx's servers; without one, whoever listens on 443. */
async function placesToAsk(patient: Patient): Promise<readonly PlaceToAsk[] | 'unknown'> {
  const nginx = await patient.nginx();
  const servers = (nginx.kind === 'value' ? nginx.value : []).flatMap((one) =>
    one.servers.flatMap((server) => ofServer(one, server)),
  );
  if (servers.length > 0) return servers;
  const sockets = await patient.listeningSockets();
  if (sockets.kind === 'unreadable') return 'unknown';
  const open =
    sockets.kind === 'value' ? sockets.value.filter(({ port, isOpen }) => port === HTTPS && isOpen) : [];
  return open.length === 0 ? [] : [{ where: `127.0.0.1:${HTTPS}`, name: null, from: null }];
}

function ofServer(nginx: NginxFacts, server: NginxServer): readonly PlaceToAsk[] {
  const listen = server.listens.find(
    ({ port, isTls, isBehindProxy }) => port === HTTPS && isTls && !isBehindProxy,
  );
  const name = server.names.find((one) => isDomain(one) && !one.includes('*'));
  if (listen === undefined || name === undefined) return [];
  const address = listen.address === '*' ? '127.0.0.1' : listen.address;
  return [{ where: `${address}:${HTTPS}`, name, from: [nginx, server] }];
}

async function ask(host: Host, place: PlaceToAsk): Promise<readonly Outcome[]> {
  const name = place.name ?? place.where;
  const answer = await askTls(host, place.where, place.name);
  if (answer.kind !== 'value') return [cannotRead('openssl s_client', answer)];
  const { protocol, error, verifyCode, verifyText } = answer.value;
  const evidence = `${place.where} ${name}: ${protocol ?? error}, ${verifyCode} (${verifyText})`;
  const critical = (
    text: Text,
    data: Readonly<Record<string, string>>,
    fix: readonly FixLine[],
  ): Outcome => ({
    kind: 'finding',
    severity: 'critical',
    text,
    data: { name, ...data },
    evidence,
    fix,
  });
  if (protocol === null) return [critical(NO_ANSWER, { error }, LOOK)];
  const problems: Outcome[] = [];
  const older = protocol === 'TLSv1.3' ? await askTls(host, place.where, place.name, '-tls1_2') : answer;
  if (older.kind === 'value' && older.value.protocol === null)
    problems.push(critical(NO_12, { protocol, error: older.value.error }, PROTOCOLS));
  const stale = await staleness(host, place, answer.value);
  if (stale !== null)
    problems.push({
      kind: 'finding',
      severity: 'warning',
      text: STALE,
      data: { name, ...stale },
      evidence,
      fix: RELOAD,
    });
  if (verifyCode !== 0) problems.push(distrust(name, answer.value, evidence));
  return problems.length > 0 ? problems : [{ kind: 'ok', evidence }];
}

function distrust(
  name: string,
  { verifyCode, verifyText, certificate }: TlsAnswer,
  evidence: string,
): Outcome {
  // With its intermediate there, it may be this machine's store that is old or missing.
  const isWhole = certificate.kind === 'value' && certificate.value.hasIssuer;
  return {
    kind: 'finding',
    severity: verifyCode === ISSUER_UNKNOWN && isWhole ? 'warning' : 'critical',
    text: NOT_TRUSTED,
    data: { name, reason: verifyText },
    evidence,
    fix: LOOK,
  };
}

/** Dates of both, where the shown one ends before all that the files have. */
async function staleness(
  host: Host,
  { from }: PlaceToAsk,
  { certificate }: TlsAnswer,
): Promise<{ shown: string; renewed: string } | null> {
  if (from === null || certificate.kind !== 'value') return null;
  const [nginx, server] = from;
  const ends: number[] = [];
  for (const [path = ''] of server.values('ssl_certificate')) {
    const text = await host.read(await outsidePath(nginx, path));
    const file = text.kind === 'value' ? certificatesIn(text.value) : text;
    if (file.kind !== 'value') return null;
    ends.push(file.value.validToMs);
  }
  const earliest = Math.min(...ends);
  if (ends.length === 0 || certificate.value.validToMs >= earliest) return null;
  return { shown: dateOf(certificate.value.validToMs), renewed: dateOf(earliest) };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const LOOK: readonly FixLine[] = [
  {
    where: { en: 'see what it says, and what nginx wrote', zh: '查看它的响应以及 nginx 的日志' },
    lines: [
      'openssl s_client -connect 127.0.0.1:443 -servername <domain> </dev/null',
      'nginx -t; tail -n 20 /var/log/nginx/error.log',
    ],
  },
];
const PROTOCOLS: readonly FixLine[] = [
  {
    where: {
      en: 'in the http or server block, then: nginx -s reload',
      zh: '写在 http 或 server 段，然后执行：nginx -s reload',
    },
    lines: ['ssl_protocols TLSv1.2 TLSv1.3;'],
  },
];
const RELOAD: readonly FixLine[] = [
  {
    where: { en: 'now, and after each renewal from now on', zh: '立即执行，并让以后每次续签后自动执行' },
    lines: ['nginx -s reload', "certbot reconfigure --deploy-hook 'systemctl reload nginx'"],
  },
];
