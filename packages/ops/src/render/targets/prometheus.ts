import type { RenderedFile } from '../rendered-file.ts';
import type { RenderTarget } from '../target.ts';
import { configFile } from './prometheus/config-file.ts';
import { nodeExporterUnit } from './prometheus/node-exporter-unit.ts';
import { alertMeanings, meanings } from './prometheus/prometheus-meanings.ts';
import { prometheusUnit } from './prometheus/prometheus-unit.ts';
import { ruleTestsFile } from './prometheus/rule-tests-file.ts';
import { rulesFile } from './prometheus/rules-file.ts';
import { isWatched, watchedIn, watcherIn } from './prometheus/watched.ts';

/** What Prometheus fetches from the box, what it takes for trouble, and how it is kept small beside the app. */
export const prometheus: RenderTarget = {
  name: 'prometheus',
  summary: {
    en: 'Prometheus: what it fetches, recording rules and alerts with tests for promtool, limits of its unit',
    zh: 'Prometheus：采集配置、预计算与告警规则（附 promtool 测试）、单元限制',
  },
  belongsTo: 'server',
  meanings: { ...meanings, ...alertMeanings },
  render(plan, options) {
    const watched = watchedIn(plan, options);
    if (!isWatched(watched)) return [];
    const { app, language } = options;
    const planned = watcherIn(plan, 'prometheus');
    const exporter = watcherIn(plan, 'node_exporter');
    // Files for another machine are not written on this one.
    const folder = planned === undefined ? 'prometheus' : '/etc/prometheus';
    const rulesName = `${app}.rules.yml`;
    const file = (name: string, content: string): RenderedFile => ({
      target: 'prometheus',
      path: `${folder}/${name}`,
      content,
      ...(planned === undefined ? {} : { next: ['systemctl reload prometheus'] }),
    });
    return [
      file('prometheus.yml', configFile(watched, `rules/${rulesName}`, options)),
      file(`rules/${rulesName}`, rulesFile(watched, language)),
      file(`rules/${app}.tests.yml`, ruleTestsFile(watched, rulesName, language)),
      ...(planned === undefined ? [] : [prometheusUnit(planned, plan.request.box.diskBytes, options)]),
      ...(exporter === undefined ? [] : [nodeExporterUnit(exporter, options)]),
    ];
  },
};
