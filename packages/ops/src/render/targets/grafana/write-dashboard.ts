import { type Language, say, type Text } from '@maque/kit';
import { remarkOn } from '../../comment-numbers.ts';
import type { RenderOptions } from '../../target.ts';
import { scrapeSeconds } from '../prometheus/scrape-pace.ts';
import type { Watched } from '../prometheus/watched.ts';
import { appRows, loopRows, whereKept } from './app-rows.ts';
import { boxRow } from './box-row.ts';
import type { ChartRow, RowMaker } from './chart.ts';
import type { Dashboard, Panel, Row, Variable } from './dashboard-types.ts';
import { meanings } from './grafana-meanings.ts';
import { memoryRows } from './memory-rows.ts';
import { serviceRows } from './service-rows.ts';
import { PROMETHEUS, writePanel } from './write-panel.ts';

/** In the order in which one looks when something is wrong. */
const ROWS: readonly RowMaker[] = [
  whereKept([...appRows, ...memoryRows, ...loopRows]),
  ...serviceRows,
  boxRow,
];

/** Grafana divides a line into 24; three charts stand side by side. */
const LINE = 24;
const WIDTH = 8;
const HEIGHT = 8;
const STAT_HEIGHT = 4;
const SCHEMA_VERSION = 39;

const MADE: Text = {
  en: 'Made by maque render grafana; the limits come from the plan.',
  zh: '由 maque render grafana 生成，界限来自内存规划。',
};
const NAME: Text = { en: '{app}: is it well?', zh: '{app}：运行状况' };
const ALERTS: Text = { en: 'Alerts', zh: '告警' };
const APP: Text = { en: 'App', zh: '应用' };
const SOURCE: Text = { en: 'Data source', zh: '数据源' };

export function writeDashboard(watched: Watched, { app, language }: RenderOptions): Dashboard {
  const seconds = scrapeSeconds(watched);
  const remarks = [
    remarkOn({ meaning: meanings.refresh, formula: `${seconds} s` }, language),
    remarkOn({ meaning: meanings.time_range }, language),
    remarkOn({ meaning: meanings.schema_version, formula: String(SCHEMA_VERSION) }, language),
  ];
  return {
    uid: `maque-${app}`.slice(0, 40),
    title: say(NAME, language, { app }),
    description: [say(MADE, language), ...remarks].join('\n\n'),
    tags: ['maque'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    // One cross-hair over all charts.
    graphTooltip: 1,
    refresh: `${seconds}s`,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: variablesOf(watched, language) },
    annotations: { list: [alertMarks(language)] },
    panels: placeAll(
      ROWS.flatMap((make) => make(watched)),
      language,
    ),
  };
}

function variablesOf({ keepers }: Watched, language: Language): readonly Variable[] {
  const source: Variable = {
    name: 'datasource',
    label: say(SOURCE, language),
    type: 'datasource',
    query: 'prometheus',
  };
  if (keepers.length === 0) return [source];
  const query = 'label_values(maque_keeper_budget_bytes, app)';
  return [
    source,
    {
      name: 'app',
      label: say(APP, language),
      type: 'query',
      datasource: PROMETHEUS,
      query: { query, refId: 'app' },
      definition: query,
      includeAll: true,
      multi: true,
      allValue: '.*',
      // Looked up whenever the time range changes.
      refresh: 2,
      sort: 1,
    },
  ];
}

function alertMarks(language: Language) {
  return {
    name: say(ALERTS, language),
    datasource: PROMETHEUS,
    enable: true,
    iconColor: 'red',
    expr: 'ALERTS{alertstate="firing"}',
    step: '60s',
    titleFormat: '{{alertname}}',
    textFormat: '{{worker}} {{mountpoint}} {{severity}}',
  };
}

/** Rows beneath each other, each with its charts beneath it. */
function placeAll(rows: readonly ChartRow[], language: Language): readonly (Panel | Row)[] {
  const placed: (Panel | Row)[] = [];
  let y = 0;
  for (const { title, charts } of rows) {
    const gridPos = { x: 0, y, w: LINE, h: 1 };
    const id = placed.length + 1;
    placed.push({ id, type: 'row', title: say(title, language), collapsed: false, gridPos, panels: [] });
    y += 1;
    const height = charts.every(({ isStat }) => isStat === true) ? STAT_HEIGHT : HEIGHT;
    charts.forEach((chart, index) => {
      const x = (index * WIDTH) % LINE;
      const line = Math.floor((index * WIDTH) / LINE);
      const at = { x, y: y + line * height, w: WIDTH, h: height };
      placed.push(writePanel(chart, placed.length + 1, at, language));
    });
    y += Math.ceil((charts.length * WIDTH) / LINE) * height;
  }
  return placed;
}
