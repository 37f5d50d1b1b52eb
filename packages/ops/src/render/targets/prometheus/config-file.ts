import { say, type Text } from '@maque/kit';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import type { Meaning } from '../../meaning.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, writeYaml, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { meanings } from './prometheus-meanings.ts';
import { exporterLimit, type SampleLimit, sampleLimitOf, scrapeSeconds } from './scrape-pace.ts';
import type { Watched, WatchedKeeper } from './watched.ts';

const NODE_EXPORTER_PORT = 9100;
const PROMETHEUS_PORT = 9090;
export const ALERTMANAGER_PORT = 9093;
const TIMEOUT_SECONDS = 5;

const FROM_ELSEWHERE: Text = {
  en: 'This Prometheus runs on another machine, and the box shows its numbers on loopback only. A tunnel brings them here:',
  zh: 'Prometheus 在另一台机器上，而指标只在本机回环地址上开放。用隧道把端口带过来：',
};
const NO_NODE_EXPORTER: Text = {
  en: 'No node_exporter in the plan (20 MiB): disks, swap and bandwidth of the box are not watched.',
  zh: '规划中没有 node_exporter（20 MiB）：磁盘、换页与带宽没有被监控。',
};
const NO_ALERTMANAGER: Text = {
  en: 'No alertmanager in the plan (32 MiB): these rules show on the page /alerts and tell nobody. The keeper tells by itself, see docs/guide.',
  zh: '规划中没有 alertmanager（32 MiB）：规则只显示在 /alerts 页面，不会通知任何人。守护进程自己会告警，见 docs/guide。',
};
const KEEPER: Text = {
  en: 'The keeper answers for itself and all workers, also while every worker is down.',
  zh: '守护进程代表自己和全部工作进程应答，工作进程全挂时也能应答。',
};

/** `prometheus.yml`: what is fetched, which rules are kept, who is told. */
export function configFile(watched: Watched, rulesPath: string, options: RenderOptions): string {
  const { language } = options;
  const remark = (meaning: Meaning, value: YamlValue, formula = '') =>
    remarked(remarkOn({ meaning, formula }, language), value);
  const seconds = scrapeSeconds(watched);
  const config = writeYaml({
    global: {
      scrape_interval: remark(meanings.scrape_interval, `${seconds}s`),
      scrape_timeout: remark(meanings.scrape_timeout, `${TIMEOUT_SECONDS}s`),
      evaluation_interval: remark(meanings.scrape_interval, `${seconds}s`),
    },
    rule_files: [rulesPath],
    alerting: alertingOf(watched),
    scrape_configs: [...keeperJob(watched.keepers, options, remark), ...otherJobs(watched, options, remark)],
  });
  return [headOf('prometheus', language), ...notesOn(watched, options), config].join('\n');
}

function notesOn(watched: Watched, options: RenderOptions): readonly string[] {
  const { language, user, domain } = options;
  const ports = targetPorts(watched).map((port) => `-L ${port}:127.0.0.1:${port}`);
  const tunnel = `  ssh -N ${ports.join(' ')} ${user}@${domain}`;
  return [
    ...(watched.hasPrometheus ? [] : [say(FROM_ELSEWHERE, language), tunnel]),
    ...(watched.hasNodeExporter ? [] : [say(NO_NODE_EXPORTER, language)]),
    ...(watched.hasAlertmanager ? [] : [say(NO_ALERTMANAGER, language)]),
  ].map((line) => `# ${line}`);
}

function targetPorts({ keepers, hasNodeExporter, exporters }: Watched): readonly number[] {
  return [
    ...keepers.map(({ metricsPort }) => metricsPort),
    ...(hasNodeExporter ? [NODE_EXPORTER_PORT] : []),
    ...exporters.map(({ port }) => port),
  ];
}

function alertingOf({ hasAlertmanager }: Watched): YamlMap | undefined {
  if (!hasAlertmanager) return undefined;
  return { alertmanagers: [{ static_configs: [{ targets: [onLoopback(ALERTMANAGER_PORT)] }] }] };
}

type Remark = (meaning: Meaning, value: YamlValue, formula?: string) => YamlValue;

function keeperJob(
  keepers: readonly WatchedKeeper[],
  { domain, language }: RenderOptions,
  remark: Remark,
): readonly YamlValue[] {
  if (keepers.length === 0) return [];
  const workers = Math.max(...keepers.map((keeper) => keeper.workers));
  const targets = keepers.map(({ app, environment, metricsPort, isMain }) => ({
    targets: [onLoopback(metricsPort)],
    labels: { app, env: environment, box: domain, role: isMain ? 'main' : 'beside' },
  }));
  const job = jobOf('maque', sampleLimitOf(workers), targets, remark);
  return [remarked(['', say(KEEPER, language)], job)];
}

function otherJobs(
  { hasNodeExporter, hasAlertmanager, hasPrometheus, exporters }: Watched,
  { domain }: RenderOptions,
  remark: Remark,
): readonly YamlValue[] {
  const ofBox = [...(hasNodeExporter ? [{ job: 'node', port: NODE_EXPORTER_PORT }] : []), ...exporters];
  const ofWatchers = [
    { job: 'prometheus', port: PROMETHEUS_PORT },
    ...(hasAlertmanager ? [{ job: 'alertmanager', port: ALERTMANAGER_PORT }] : []),
  ];
  const job = (name: string, port: number, isOnBox: boolean) => {
    const labels = isOnBox ? { box: domain } : undefined;
    const targets = [{ targets: [onLoopback(port)], labels }];
    return remarked([''], jobOf(name, exporterLimit, targets, remark));
  };
  return [
    ...ofBox.map(({ job: name, port }) => job(name, port, true)),
    // A Prometheus elsewhere is not down when this box is.
    ...ofWatchers.map(({ job: name, port }) => job(name, port, hasPrometheus)),
  ];
}

function jobOf(name: string, { limit, formula }: SampleLimit, targets: YamlValue, remark: Remark): YamlMap {
  return {
    job_name: name,
    sample_limit: remark(meanings.sample_limit, limit, formula),
    static_configs: targets,
  };
}

function onLoopback(port: number): string {
  return `127.0.0.1:${port}`;
}
