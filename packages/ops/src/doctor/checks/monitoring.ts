import type { Text } from '@maque/kit';
import type { FixLine, Severity } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { pathOf } from '../facts/app-folders.ts';
import { agentVendor } from '../facts/cloud-agents.ts';
import { flagValue } from '../facts/launch-flags.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { programName } from '../facts/program.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** Others that watch a box and tell somebody. */
const WATCHERS =
  /^(netdata|zabbix_agentd?2?|telegraf|collectd|monit|datadog-agent|categraf|n9e|victoria-metrics\S*|vmagent)$/;
const MAQUE = /(^|\/)maque(\.js)?$/;

const NO_EXPORTER: Text = {
  en: 'Prometheus runs, but no node_exporter: memory, disk and pressure of this box are not seen',
  zh: '运行着 Prometheus，但没有 node_exporter：看不到本机的内存、磁盘与压力',
};
const NO_RULES: Text = {
  en: 'Prometheus has no rule_files: it collects, and warns nobody',
  zh: 'Prometheus 没有配置 rule_files：只采集，不告警',
};
const NO_ALERTMANAGER: Text = {
  en: 'Prometheus has rules, but no alertmanagers to send them to',
  zh: 'Prometheus 有规则，但没有配置 alertmanagers，告警无处可发',
};
const NO_RECEIVER: Text = {
  en: 'no receiver of Alertmanager has an address: alerts end there',
  zh: 'Alertmanager 的接收者没有配置任何地址：告警到此为止',
};
const NOBODY: Text = {
  en: 'nobody watches this box: the first to notice an outage are your users',
  zh: '没有任何程序监控本机：最先发现故障的会是用户',
};

export const monitoring: Check = {
  id: 'H5',
  name: 'monitoring',
  group: 'neighbours',
  title: { en: 'Somebody who watches', zh: '监控与告警' },
  why: {
    en: 'Monitoring that collects and does not alert finds the outage after the users did. node_exporter costs 20 MiB (measured), Prometheus itself 44 and more: rather elsewhere.',
    zh: '只采集不告警的监控，总在用户之后才发现故障。node_exporter 占 20 MiB（实测），Prometheus 自身 44 MiB 起：最好放在别的机器。',
  },
  explanation: {
    en: 'An exporter tells numbers of the box, Prometheus collects them and compares them with rules, Alertmanager sends what is wrong to people. One missing link, and all of it is for nothing.',
    zh: 'exporter 提供本机数据，Prometheus 采集并与规则比较，Alertmanager 把问题发给人。缺任何一环，整条链路都没有意义。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const named = (name: string) => processes.value.find((process) => programName(process) === name);
    const [prometheus, exporter, alerts] = ['prometheus', 'node_exporter', 'alertmanager'].map(named);
    const hasExporter = exporter !== undefined || named('prometheus-node-exporter') !== undefined;
    const outcomes = [
      ...(prometheus === undefined ? [] : await ofPrometheus(patient, prometheus, hasExporter)),
      ...(alerts === undefined ? [] : await ofAlertmanager(patient, alerts)),
    ];
    if (outcomes.length > 0) return outcomes;
    const watchers = processes.value.filter(isWatcher).map(programName);
    if (hasExporter || watchers.length > 0)
      return [
        {
          kind: 'ok',
          evidence: [...new Set(hasExporter ? ['node_exporter', ...watchers] : watchers)].join(', '),
        },
      ];
    if (await patient.isInsideContainer()) return [{ kind: 'not-applicable' }];
    return [problem('info', NOBODY, 'no exporter, no agent', [WATCH])];
  },
};

function isWatcher(process: ProcessFacts): boolean {
  return (
    WATCHERS.test(programName(process)) ||
    agentVendor(process) !== undefined ||
    process.commandLine.slice(0, 3).some((word) => MAQUE.test(word))
  );
}

async function ofPrometheus(
  patient: Patient,
  process: ProcessFacts,
  hasExporter: boolean,
): Promise<readonly Outcome[]> {
  const { path, text } = await configOf(patient, process, '--config.file', '/etc/prometheus/prometheus.yml');
  const missing = hasExporter ? [] : [problem('warning', NO_EXPORTER, 'no node_exporter', [EXPORTER])];
  if (text === undefined) return [...missing, cannotRead(path, { kind: 'unreadable', reason: 'EACCES' })];
  if (!/^rule_files:\s*\n\s*-/m.test(text))
    return [...missing, problem('warning', NO_RULES, `${path}: no rule_files`, [RULES])];
  if (!/^\s+-?\s*alertmanagers:/m.test(text))
    return [...missing, problem('warning', NO_ALERTMANAGER, `${path}: no alertmanagers`, [RULES])];
  return missing.length > 0 ? missing : [{ kind: 'ok', evidence: `${path}: rules and alertmanagers` }];
}

async function ofAlertmanager(patient: Patient, process: ProcessFacts): Promise<readonly Outcome[]> {
  const { path, text } = await configOf(
    patient,
    process,
    '--config.file',
    '/etc/prometheus/alertmanager.yml',
  );
  if (text === undefined) return [cannotRead(path, { kind: 'unreadable', reason: 'EACCES' })];
  if (/^\s+-?\s*\w+_configs:/m.test(text)) return [{ kind: 'ok', evidence: `${path}: has receivers` }];
  return [problem('warning', NO_RECEIVER, `${path}: no *_configs`, [RECEIVER])];
}

async function configOf(patient: Patient, process: ProcessFacts, flag: string, usual: string) {
  const told = flagValue(process.commandLine, flag) ?? usual;
  const path = await pathOf(patient.host, process, told);
  const text = await patient.host.read(path);
  // A file that is not there is no file without rules: it was not found.
  return { path, text: text.kind === 'value' ? text.value : undefined };
}

const EXPORTER: FixLine = {
  where: { en: 'as root', zh: '以 root 执行' },
  lines: ['apt-get install prometheus-node-exporter'],
};
const RULES: FixLine = {
  where: { en: 'in prometheus.yml', zh: '写在 prometheus.yml' },
  lines: [
    'rule_files:',
    '  - rules/*.yml',
    'alerting:',
    '  alertmanagers:',
    "    - static_configs: [{ targets: ['127.0.0.1:9093'] }]",
  ],
};
const RECEIVER: FixLine = {
  where: { en: 'in alertmanager.yml', zh: '写在 alertmanager.yml' },
  lines: [
    'receivers:',
    '  - name: team',
    '    wechat_configs:',
    '      - corp_id: <corp id>',
    "        agent_id: '<agent id>'",
    '        api_secret_file: /etc/prometheus/wechat-secret',
    '        to_user: <user>',
  ],
};
const WATCH: FixLine = {
  where: {
    en: 'the least: the monitoring of the cloud, with an alarm on memory and disk; or an exporter that another machine collects',
    zh: '至少：启用云监控并设置内存与磁盘告警；或安装 exporter，由别的机器采集',
  },
  lines: ['apt-get install prometheus-node-exporter'],
};

function problem(severity: Severity, text: Text, evidence: string, fix: readonly FixLine[]): Outcome {
  return { kind: 'finding', severity, text, data: {}, evidence, fix };
}
