import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FOREIGN_METRIC_NAMES, metricsIn, ownMetricNames } from '../../../testing/exported-metrics.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { watchedPlans, watchedShop } from '../../../testing/watched-plans.ts';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderOptions } from '../target.ts';
import type { Dashboard, Panel, Row } from './grafana/dashboard-types.ts';
import { grafana } from './grafana.ts';
import { recordingRules } from './prometheus/recording-rules.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;

function dashboardOf(plan: BoxPlan, options: RenderOptions): Dashboard {
  const file = grafana.render(plan, options).find(({ path }) => path.endsWith('.json'));
  return JSON.parse(file?.content ?? '') as Dashboard;
}

function chartsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.filter((panel): panel is Panel => panel.type !== 'row');
}

function expressionsOf(dashboard: Dashboard): readonly string[] {
  return [
    ...chartsOf(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.annotations.list.map(({ expr }) => expr),
  ];
}

const shopIn = (language: (typeof LANGUAGES)[number]) =>
  dashboardOf(watchedShop(), renderOptions({ language }));

describe('the queries of 200 dashboards', () => {
  const dashboards = fc
    .sample(fc.tuple(watchedPlans(), renderChoices()), 200)
    .map(([plan, options]) => dashboardOf(plan, options));
  const expressions = [...new Set(dashboards.flatMap(expressionsOf))];

  it('are PromQL', async () => {
    await using folder = await tempFolder();
    mkdirSync(folder.path, { recursive: true });
    const file = join(folder.path, 'queries.yml');
    // Rules in JSON are YAML: promtool reads every expression.
    const rules = expressions.map((expr, index) => ({ record: `query:${index}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    const said = execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect(said).toContain(`SUCCESS: ${expressions.length} rules found`);
  });

  it('ask for what is exported or recorded', () => {
    const own = ownMetricNames();
    const recorded = new Set(recordingRules.map(({ record }) => record));
    const isKnown = (name: string) => own.has(name) || FOREIGN_METRIC_NAMES.has(name) || recorded.has(name);
    expect(expressions.flatMap(metricsIn).filter((name) => !isKnown(name))).toEqual([]);
    expect(expressions.length).toBeGreaterThan(40);
  });

  it('stand in panels that have ids of their own and do not lie on each other', () => {
    for (const { panels } of dashboards) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(cellsOf);
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.every(({ gridPos: { x, w } }) => x >= 0 && x + w <= 24)).toBe(true);
    }
  });
});

function cellsOf({ gridPos: { x, y, w, h } }: Panel | Row): readonly string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}

describe('the dashboard of the shop', () => {
  it('has the rows that one looks for, and shows memory stacked beneath a line for the budget', () => {
    const dashboard = shopIn('en');
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual([
      'At a glance',
      'Requests',
      'Latency',
      'Memory against the plan',
      'Heap',
      'Event loop and garbage collection',
      'Database and cache',
      'WeChat, payments and jobs',
      'The box',
    ]);
    const memory = chartsOf(dashboard).find(({ title }) => title.startsWith('Every process, and'));
    expect(memory?.fieldConfig.defaults.custom).toMatchObject({ stacking: { mode: 'normal' } });
    expect(memory?.fieldConfig.overrides).toMatchObject([{ matcher: { options: 'budget' } }]);
  });

  it('asks its data source by the variable, so that it can be brought in anywhere', () => {
    const dashboard = shopIn('en');
    const sources = chartsOf(dashboard).flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((one) => one.datasource),
    ]);
    expect(new Set(sources.map(({ uid }) => uid))).toEqual(new Set([`\${datasource}`]));
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'app']);
  });

  it.each(LANGUAGES)('in %s: says of each limit what it means, and uses every meaning', (language) => {
    const dashboard = shopIn(language);
    for (const { description, fieldConfig } of chartsOf(dashboard)) {
      const limit = fieldConfig.defaults.thresholds.steps.at(-1)?.value ?? null;
      if (limit !== null) expect(description).toContain(String(limit));
      expect(/[一-鿿]/.test(description)).toBe(language === 'zh-CN');
    }
    const text = JSON.stringify(dashboard);
    const unused = Object.values(grafana.meanings).filter(({ id }) => !new RegExp(`${id}[: ]`).test(text));
    expect(unused.map(({ id }) => id)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN/);
  });

  it('is found by Grafana through a file that says where it lies', () => {
    const [dashboard, provider] = grafana.render(watchedShop(), renderOptions());
    const { providers } = parse(provider?.content ?? '') as {
      providers: readonly { options: { path: string } }[];
    };
    expect(`/var/lib/${dashboard?.path}`).toBe(`${providers[0]?.options.path}/shop.json`);
  });
});
