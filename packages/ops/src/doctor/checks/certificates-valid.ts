import { DAY, type Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { type CertificateFacts, certificatesIn, isForName } from '../facts/certificates.ts';
import { type NginxFacts, outsidePath } from '../facts/nginx.ts';
import { isDomain, type NginxServer } from '../facts/nginx-servers.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

// Let's Encrypt's are renewed a month before their end; two weeks before it somebody has to look.
const WARN_DAYS = 14;
const CRITICAL_DAYS = 3;

const ENDING: Text = {
  en: 'the certificate of {names} ends in {days} days',
  zh: '{names} 的证书将在 {days} 天后到期',
};
const ENDED: Text = {
  en: 'the certificate of {names} has ended: no phone reaches the mini-program any more',
  zh: '{names} 的证书已过期：手机上的小程序已无法访问',
};
const NOT_YET: Text = {
  en: 'the certificate of {names} begins only in {days} days; is the clock right?',
  zh: '{names} 的证书 {days} 天后才生效；请检查系统时间',
};
const SELF_SIGNED: Text = {
  en: 'the certificate of {names} is signed by itself: WeChat on a phone refuses it',
  zh: '{names} 使用自签名证书：手机上的微信会拒绝连接',
};
const NO_CHAIN: Text = {
  en: 'the certificate of {names} comes without the one of its issuer ({issuer}): Android phones refuse it, the developer tools do not',
  zh: '{names} 的证书缺少签发者（{issuer}）的中间证书：安卓手机会拒绝，而开发者工具不会报错',
};
const OTHER_NAME: Text = {
  en: 'the certificate is for {names}, not for {wanted}',
  zh: '证书对应的域名是 {names}，不包含 {wanted}',
};

const RENEW: readonly FixLine[] = [
  {
    where: {
      en: 'as root; certbot or acme.sh, whichever made it',
      zh: '以 root 执行；用 certbot 或 acme.sh，取决于当初由谁申请',
    },
    lines: [
      'certbot renew && systemctl reload nginx && systemctl enable --now certbot.timer',
      'acme.sh --cron --force && nginx -s reload',
    ],
  },
];
const FULL_CHAIN: readonly FixLine[] = [
  {
    where: {
      en: 'in the server block: the file with the whole chain, own certificate first',
      zh: '在 server 段使用完整证书链文件，自己的证书在最前',
    },
    lines: [
      'ssl_certificate /etc/letsencrypt/live/<domain>/fullchain.pem;',
      'cat own.crt intermediate.crt > fullchain.pem',
    ],
  },
];

export const certificatesValid: Check = {
  id: 'F2',
  name: 'certificates',
  group: 'front',
  title: { en: 'Certificates: valid, whole, for the right name', zh: '证书：未过期、链完整、域名相符' },
  why: {
    en: 'WeChat on phones refuses wx.request when the certificate has ended, has another name, or lacks its intermediate; the developer tools often accept all three. Warned 14 days before the end, critical at 3.',
    zh: '证书过期、域名不符或缺少中间证书时，手机上的 wx.request 会失败，而开发者工具往往照常通过。到期前 14 天警告，前 3 天为严重。',
  },
  explanation: {
    en: 'A certificate proves that the server is who it says. It ends after 90 days to a year, is for certain names only, and is trusted because another certificate (the intermediate) signed it, which the server has to send along.',
    zh: '证书证明服务器的身份。它的有效期从 90 天到一年，只对指定域名有效；手机信任它，是因为有中间证书为它签名，而中间证书必须由服务器一并发出。',
  },
  async look(patient) {
    const { host } = patient;
    const outcomes = await ofEachNginx(patient, async (nginx) => {
      const found = await Promise.all(nginx.servers.map((server) => ofServer(host, nginx, server)));
      return found.flat();
    });
    // Many sites share one.
    const different = new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome]));
    return different.size === 0 ? NOT_APPLICABLE : [...different.values()];
  },
};

async function ofServer(host: Host, nginx: NginxFacts, server: NginxServer): Promise<readonly Outcome[]> {
  // A server for no name in particular only turns strangers away; its certificate may be anything.
  const domains = server.names.filter(isDomain);
  if (domains.length === 0 || !server.listens.some(({ isTls }) => isTls)) return [];
  const paths = server
    .values('ssl_certificate')
    .flatMap(([path]) => (path?.includes('$') === false ? [path] : []));
  const outcomes = paths.map(async (path) => {
    const text = await host.read(await outsidePath(nginx, path));
    const certificate = text.kind === 'value' ? certificatesIn(text.value) : text;
    if (certificate.kind !== 'value') return [cannotRead(path, certificate)];
    const evidence = `${path}: ${certificate.value.names.join(' ')}, ${new Date(certificate.value.validToMs).toISOString().slice(0, 10)}`;
    const findings = problemsOf(certificate.value, domains, host.nowMs, evidence);
    return findings.length > 0 ? findings : [{ kind: 'ok', evidence } as const];
  });
  return (await Promise.all(outcomes)).flat();
}

function problemsOf(
  certificate: CertificateFacts,
  domains: readonly string[],
  nowMs: number,
  evidence: string,
): readonly Outcome[] {
  const days = Math.floor((certificate.validToMs - nowMs) / DAY);
  const names = certificate.names.join(', ');
  const problem = (
    severity: 'critical' | 'warning',
    text: Text,
    fix: readonly FixLine[],
    data = {},
  ): Outcome => ({ kind: 'finding', severity, text, data: { names, days, ...data }, evidence, fix });
  const problems: Outcome[] = [];
  if (days < 0) problems.push(problem('critical', ENDED, RENEW));
  else if (days < WARN_DAYS)
    problems.push(problem(days < CRITICAL_DAYS ? 'critical' : 'warning', ENDING, RENEW));
  const early = Math.ceil((certificate.validFromMs - nowMs) / DAY);
  if (early > 0) problems.push(problem('critical', NOT_YET, RENEW, { days: early }));
  if (certificate.isSelfSigned) problems.push(problem('critical', SELF_SIGNED, RENEW));
  else if (!certificate.hasIssuer)
    problems.push(problem('critical', NO_CHAIN, FULL_CHAIN, { issuer: certificate.issuer }));
  const wanted = domains.filter((name) => !isForName(certificate, name.replace(/^\*\./, 'x.')));
  if (wanted.length > 0) problems.push(problem('critical', OTHER_NAME, RENEW, { wanted: wanted.join(', ') }));
  return problems;
}
