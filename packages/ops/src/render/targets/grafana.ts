import { headOf } from '../file-head.ts';
import type { RenderTarget } from '../target.ts';
import { writeYaml } from '../yaml/index.ts';
import { meanings } from './grafana/grafana-meanings.ts';
import { writeDashboard } from './grafana/write-dashboard.ts';
import { isWatched, watchedIn } from './prometheus/watched.ts';

/** A dashboard, and the file by which Grafana finds it. Grafana itself takes 100 MiB and belongs elsewhere. */
export const grafana: RenderTarget = {
  name: 'grafana',
  summary: {
    en: 'Grafana dashboard: requests, memory against the plan, heap and leaks, database, WeChat, the box',
    zh: 'Grafana 看板：请求、内存与规划、堆与泄漏、数据库、微信、整机',
  },
  belongsTo: 'elsewhere',
  meanings,
  render(plan, options) {
    const watched = watchedIn(plan, options);
    if (!isWatched(watched)) return [];
    const { app, language } = options;
    const dashboard = writeDashboard(watched, options);
    const provider = writeYaml({
      apiVersion: 1,
      providers: [
        {
          name: `maque-${app}`,
          type: 'file',
          allowUiUpdates: true,
          options: { path: '/var/lib/grafana/dashboards' },
        },
      ],
    });
    return [
      {
        target: 'grafana',
        path: `grafana/dashboards/${app}.json`,
        content: `${JSON.stringify(dashboard, null, 2)}\n`,
      },
      {
        target: 'grafana',
        path: `grafana/provisioning/dashboards/${app}.yml`,
        content: `${headOf('grafana', language)}\n${provider}`,
      },
    ];
  },
};
