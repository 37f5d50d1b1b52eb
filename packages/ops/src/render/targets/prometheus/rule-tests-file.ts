import { type Language, say, type Text } from '@maque/kit';
import { headOf } from '../../file-head.ts';
import { remarked, writeYaml, type YamlMap } from '../../yaml/index.ts';
import { alertsFor, type ChosenAlert } from './alert-list.ts';
import {
  type AlertLevel,
  type AlertSeverity,
  EXAMPLE_STEP_MINUTES,
  EXAMPLE_STEPS,
  type ExampleSeries,
} from './alert-rule.ts';
import type { Watched } from './watched.ts';

const ABOUT: Text = {
  en: 'promtool test rules {file}: a calm box is silent, and every alert speaks on the far side of its limit',
  zh: 'promtool test rules {file}：正常时不出声，越过界限时每条告警都要触发',
};

/** How far beyond a limit, and short of it, the examples go. */
const BEYOND = 1.02;
const SHORT_OF = 0.98;

const STEP = `${EXAMPLE_STEP_MINUTES}m`;

type Situation = 'calm' | AlertSeverity;

/** Tests of the rules, for those who change a number by hand. */
export function ruleTestsFile(watched: Watched, rulesName: string, language: Language): string {
  const alerts = alertsFor(watched).flatMap(({ alerts: ofGroup }) => ofGroup);
  const situations: readonly Situation[] = ['calm', 'warning', 'critical'];
  const tests = situations.map((situation) => testOf(situation, alerts)).filter((test) => test !== undefined);
  const file = rulesName.replace('.rules.', '.tests.');
  const content = writeYaml(
    remarked(say(ABOUT, language, { file }), {
      rule_files: [rulesName],
      evaluation_interval: STEP,
      tests,
    }),
  );
  return `${headOf('prometheus', language)}\n${content}`;
}

function testOf(situation: Situation, alerts: readonly ChosenAlert[]): YamlMap | undefined {
  const concerned = alerts.filter(
    ({ levels }) => situation === 'calm' || levels.some(({ severity }) => severity === situation),
  );
  if (concerned.length === 0) return undefined;
  return {
    name: situation,
    interval: STEP,
    input_series: concerned.flatMap((alert) => seriesOf(alert, situation)),
    promql_expr_test: concerned.map(({ rule, levels }) => ({
      expr: `count by (severity) (ALERTS{alertname="${rule.name}",instance="${rule.name}",alertstate="firing"})`,
      eval_time: `${EXAMPLE_STEP_MINUTES * EXAMPLE_STEPS}m`,
      exp_samples: expected(levels, situation),
    })),
  };
}

/** Told of one level, an alert is also told of those that are less bad. */
function expected(levels: readonly AlertLevel[], situation: Situation): readonly YamlMap[] {
  if (situation === 'calm') return [];
  const reached = levels.filter(({ severity }) => situation === 'critical' || severity === 'warning');
  return reached.map(({ severity }) => ({ labels: `{severity="${severity}"}`, value: 1 }));
}

/** Each alert looks at a box of its own, named after it, so that one example does not set off another rule. */
function seriesOf(alert: ChosenAlert, situation: Situation): readonly YamlMap[] {
  return alert.rule
    .example(valueFor(alert, situation))
    .map(([series, values]: ExampleSeries) => ({ series: onBox(series, alert.rule.name), values }));
}

function valueFor({ rule, levels }: ChosenAlert, situation: Situation): number {
  const isAbove = rule.alarmsWhen === 'above';
  const level = levels.find(({ severity }) => severity === situation) ?? levels[0];
  if (level === undefined) throw new Error(`the alert ${rule.name} has no level`);
  const isBad = situation !== 'calm';
  // Calm is short of the mildest level, bad is beyond the one that is meant.
  if (level.limit === 0) return isAbove ? Number(isBad) : isBad ? -1 : 1;
  return level.limit * (isBad === isAbove ? BEYOND : SHORT_OF);
}

function onBox(series: string, box: string): string {
  const label = `instance="${box}"`;
  return series.endsWith('}') ? series.replace(/\}$/, `,${label}}`) : `${series}{${label}}`;
}
