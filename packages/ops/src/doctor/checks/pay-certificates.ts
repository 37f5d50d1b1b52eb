import { dirname } from 'node:path';
import { DAY, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { pathOf } from '../facts/app-folders.ts';
import { certificatesIn } from '../facts/certificates.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

// A new one has to be applied for in the merchant platform, by a person with an administrator's key: that takes days.
const WARN_DAYS = 30;
const CRITICAL_DAYS = 7;
/** The merchant's own, and those of the platform as the tools of WeChat Pay download them. */
const NAMES = /^(apiclient_cert|wechatpay_[0-9A-F]{8,64})\.pem$/i;
/** Below an app's folder, where they are mostly put. */
const FOLDERS = ['', 'cert', 'certs', 'config', 'config/cert', 'keys', 'secrets', 'pay'];
const MOST_FOLDERS = 200;

const ENDING: Text = {
  en: "WeChat Pay's certificate {path} ends in {days} days",
  zh: '微信支付证书 {path} 将在 {days} 天后到期',
};
const ENDED: Text = {
  en: "WeChat Pay's certificate {path} has ended: payments and refunds that sign with it are refused",
  zh: '微信支付证书 {path} 已过期：用它签名的支付与退款会被拒绝',
};

export const payCertificates: Check = {
  id: 'F9',
  name: 'pay-certificates',
  group: 'front',
  title: { en: 'Certificates of WeChat Pay', zh: '微信支付证书' },
  why: {
    en: 'The merchant certificate lives five years and nobody remembers it; when it ends every order fails. A new one takes a person with administrator rights, so the warning comes 30 days before.',
    zh: '商户 API 证书有效期五年，没人会记得；过期后所有下单都失败。换新证书需要管理员操作，因此提前 30 天警告。',
  },
  explanation: {
    en: 'WeChat Pay knows the merchant by a key, and the key by its certificate (apiclient_cert.pem). It is applied for in the merchant platform, and its serial number stands in the settings of the app. The certificates of the platform end as well; a public key of WeChat Pay in their place does not.',
    zh: '微信支付通过密钥识别商户，而密钥由证书（apiclient_cert.pem）证明。证书在商户平台申请，序列号写在应用设置里。平台证书同样会过期；改用微信支付公钥则没有有效期。',
  },
  async look(patient) {
    const paths = await findCertificates(patient);
    const found = await Promise.all(paths.map((path) => ofFile(patient.host, path)));
    const folders = await patient.appFolders();
    if (found.length > 0) return found;
    return folders.hidden === 0
      ? NOT_APPLICABLE
      : [cannotRead('/proc/*/cwd', { kind: 'unreadable', reason: 'EACCES' })];
  },
};

async function findCertificates(patient: Patient): Promise<readonly string[]> {
  const { host } = patient;
  const { folders } = await patient.appFolders();
  const places = new Set(
    folders.flatMap(({ path }) => FOLDERS.map((one) => (one === '' ? path : `${path}/${one}`))),
  );
  const processes = await patient.processes();
  for (const process of processes.kind === 'value' ? processes.value : []) {
    const keyFile = process.environment?.get('MAQUE_PAY_KEY_FILE');
    if (keyFile !== undefined && keyFile !== '') places.add(dirname(await pathOf(host, process, keyFile)));
  }
  const found: string[] = [];
  for (const place of [...places].slice(0, MOST_FOLDERS)) {
    const names = await host.list(place);
    if (names.kind === 'value')
      found.push(...names.value.filter((name) => NAMES.test(name)).map((name) => `${place}/${name}`));
  }
  return found;
}

async function ofFile(host: Host, path: string): Promise<Outcome> {
  const text = await host.read(path);
  const certificate = text.kind === 'value' ? certificatesIn(text.value) : text;
  if (certificate.kind !== 'value') return cannotRead(path, certificate);
  const { validToMs } = certificate.value;
  const days = Math.floor((validToMs - host.nowMs) / DAY);
  const evidence = `${path}: ${new Date(validToMs).toISOString().slice(0, 10)}`;
  if (days >= WARN_DAYS) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: days < CRITICAL_DAYS ? 'critical' : 'warning',
    text: days < 0 ? ENDED : ENDING,
    data: { path, days },
    evidence,
    fix: [
      {
        where: {
          en: 'pay.weixin.qq.com, account centre, API security: apply for a new one, then in the settings of the app its serial number',
          zh: 'pay.weixin.qq.com → 账户中心 → API 安全：申请新证书，然后在应用设置中更新序列号',
        },
        lines: ['openssl x509 -in apiclient_cert.pem -noout -serial -enddate'],
      },
    ],
  };
}
