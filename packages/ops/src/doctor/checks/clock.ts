import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

// WeChat Pay refuses what was signed 300 s away from its own time; tokens and caches notice sooner.
const CRITICAL_SECONDS = 30;
const WARN_SECONDS = 1;

const UNSYNCHRONISED: Text = {
  en: 'nobody keeps the clock right: it drifts by seconds a day',
  zh: '没有任何程序校准时钟：每天会漂移数秒',
};
const WRONG: Text = {
  en: 'the clock is {seconds} s away from the right time',
  zh: '系统时钟偏差 {seconds} 秒',
};

const FIX: readonly FixLine[] = [
  {
    where: {
      en: 'as root; in mainland China with servers nearby',
      zh: '以 root 执行；中国大陆可使用就近的时间服务器',
    },
    lines: [
      'apt-get install chrony || yum install chrony',
      "echo 'server ntp.aliyun.com iburst' >> /etc/chrony/chrony.conf   # CentOS: /etc/chrony.conf",
      'systemctl enable --now chrony || systemctl enable --now chronyd',
      'chronyc makestep',
    ],
  },
];

export const clockRight: Check = {
  id: 'G6',
  name: 'clock',
  group: 'disk',
  title: { en: 'The clock', zh: '系统时钟' },
  why: {
    en: "WeChat Pay refuses signatures that are 5 minutes off, tokens end too early or too late, certificates seem not to be valid yet, and logs cannot be compared. A virtual machine's clock drifts by seconds a day.",
    zh: '偏差 5 分钟微信支付就拒绝签名；令牌会提前或推迟过期，证书看似尚未生效，日志也无法对照。虚拟机时钟每天会漂移数秒。',
  },
  explanation: {
    en: 'A service such as chrony or systemd-timesyncd asks time servers and corrects the clock little by little. Only one of them is needed.',
    zh: '由 chrony 或 systemd-timesyncd 等服务向时间服务器询问，并逐步校正时钟。只需要其中一个。',
  },
  async look(patient) {
    const { host } = patient;
    const chrony = await askChrony(host);
    if (chrony !== undefined) return [chrony];
    const status = await host.run('timedatectl', ['status']);
    const answer =
      status.kind === 'value' ? /synchronized: (yes|no)/.exec(status.value.stdout)?.[1] : undefined;
    const evidence = `timedatectl: synchronized ${answer}`;
    if (answer === 'yes') return [{ kind: 'ok', evidence }];
    // The clock of a container is its host's.
    if (await patient.isInsideContainer()) return NOT_APPLICABLE;
    if (answer === 'no') return [unsynchronised(evidence)];
    return [cannotRead('chronyc, timedatectl', status.kind === 'unreadable' ? status : { kind: 'absent' })];
  },
};

/** Undefined where no chrony answers. */
async function askChrony(host: Host): Promise<Outcome | undefined> {
  const output = await host.run('chronyc', ['-n', 'tracking']);
  if (output.kind !== 'value') return undefined;
  const { stdout } = output.value;
  const leap = /^Leap status\s*: (.*)$/m.exec(stdout)?.[1];
  if (leap === undefined) return undefined;
  const seconds = Number(/^System time\s*: ([\d.]+) seconds/m.exec(stdout)?.[1] ?? 0);
  const evidence = `chronyc: ${leap}, ${seconds} s`;
  if (seconds > WARN_SECONDS) {
    const severity = seconds > CRITICAL_SECONDS ? 'critical' : 'warning';
    return { kind: 'finding', severity, text: WRONG, data: { seconds }, evidence, fix: FIX };
  }
  return leap === 'Not synchronised' ? unsynchronised(evidence) : { kind: 'ok', evidence };
}

function unsynchronised(evidence: string): Outcome {
  return { kind: 'finding', severity: 'warning', text: UNSYNCHRONISED, data: {}, evidence, fix: FIX };
}
