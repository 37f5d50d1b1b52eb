import { type Language, say, type Text } from '@maque/kit';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import { remarked, writeYaml, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { alertsFor, type ChosenAlert } from './alert-list.ts';
import type { AlertLevel, AlertRule, ValueUnit } from './alert-rule.ts';
import { alertMeanings } from './prometheus-meanings.ts';
import { recordingRules } from './recording-rules.ts';
import type { Watched } from './watched.ts';

const RECORDED: Text = {
  en: 'Worked out once a round; the alerts and the dashboard ask for these',
  zh: '每轮计算一次，供告警与看板使用',
};

/** How Prometheus writes the value of an alert. */
const VALUES: Readonly<Record<ValueUnit, string>> = {
  share: '{{ $value | humanizePercentage }}',
  bytes: '{{ $value | humanize1024 }}B',
  seconds: '{{ $value | humanizeDuration }}',
  number: '{{ $value | printf "%.0f" }}',
};

/** Labels that a message may name. */
const LABELS = [
  'app',
  'box',
  'worker',
  'process',
  'pool',
  'path',
  'mountpoint',
  'integration',
  'name',
] as const;

/** The rules for what there is to watch. */
export function rulesFile(watched: Watched, language: Language): string {
  const groups = alertsFor(watched).map(({ name, alerts }) => ({
    name,
    rules: alerts.flatMap((alert) => alertRules(alert, language)),
  }));
  const recorded = recordingsFor(watched);
  const recordings =
    recorded.length === 0 ? [] : [remarked(say(RECORDED, language), { name: 'recordings', rules: recorded })];
  return `${headOf('prometheus', language)}\n${writeYaml({ groups: [...recordings, ...groups] })}`;
}

function recordingsFor({ keepers, hasServer }: Watched): readonly YamlMap[] {
  if (keepers.length === 0) return [];
  return recordingRules
    .filter(({ ofServer }) => hasServer || !ofServer)
    .map(({ record, expr }) => ({ record, expr }));
}

function alertRules({ rule, levels }: ChosenAlert, language: Language): readonly YamlValue[] {
  return levels.map((level) =>
    remarked(['', remarkOnLevel(rule, level, language)], alertRule(rule, level, language)),
  );
}

function alertRule(rule: AlertRule, level: AlertLevel, language: Language): YamlMap {
  const labels = Object.fromEntries(LABELS.map((label) => [label, `{{ $labels.${label} }}`]));
  const told = { ...labels, value: VALUES[rule.unit] };
  return {
    alert: rule.name,
    expr: expressionOf(rule, level),
    for: level.forMinutes === 0 ? undefined : `${level.forMinutes}m`,
    labels: { severity: level.severity },
    annotations: {
      summary: say(rule.summary, language, told),
      description: say(rule.advice, language, told),
      runbook: say(rule.guide, language),
    },
  };
}

/** The measure against its limit; what must hold besides stands on a line of its own. */
export function expressionOf(rule: AlertRule, { limit }: AlertLevel): string {
  const compared = `${rule.measure} ${signOf(rule)} ${limit}`;
  return rule.guard === undefined ? compared : `${compared}\nand ${rule.guard}`;
}

function remarkOnLevel(rule: AlertRule, level: AlertLevel, language: Language): string {
  const meaning = alertMeanings[rule.name];
  if (meaning === undefined) throw new Error(`the alert ${rule.name} has no meaning`);
  const { limit, forMinutes, formula } = level;
  const how = formula === undefined ? '' : ` (${formula})`;
  const howLong = forMinutes === 0 ? '' : `, ${forMinutes} min`;
  return remarkOn({ meaning, formula: `${signOf(rule)} ${limit}${how}${howLong}` }, language);
}

function signOf({ alarmsWhen }: AlertRule): string {
  return alarmsWhen === 'above' ? '>' : '<';
}
