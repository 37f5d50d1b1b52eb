import { type Language, say, type Text } from '@maque/kit';

/** Beyond WeCom's 2048 bytes a message is cut. */
export const MOST_ALERTS = 5;
/** Beijing, in nanoseconds. */
const AHEAD = '28800e9';

const MORE: Text = { en: '… {count} in all', zh: '……共 {count} 条' };
const SINCE: Text = { en: 'since {time}', zh: '开始于 {time}' };
const OVER: Text = { en: 'over: {summary}', zh: '已恢复：{summary}' };

/** What stands in the message: what is wrong, what to do, since when; then what is over. Go's text/template. */
export function messageTemplate(language: Language): string {
  const since = say(SINCE, language, { time: `{{ ($a.StartsAt.Add ${AHEAD}).Format "01-02 15:04" }}` });
  const mark = '{{ if eq $a.Labels.severity "critical" }}🔴{{ else }}🟡{{ end }}';
  const firing = [
    `${mark} {{ $a.Annotations.summary }}`,
    `{{ $a.Annotations.description }}`,
    `{{ $a.Labels.box }} · ${since} · {{ $a.Annotations.runbook }}`,
    '',
  ];
  const more = say(MORE, language, { count: '{{ len .Alerts.Firing }}' });
  const over = say(OVER, language, { summary: '{{ $a.Annotations.summary }}' });
  return [
    `{{ range $i, $a := .Alerts.Firing }}{{ if lt $i ${MOST_ALERTS} }}${firing.join('\n')}{{ end }}{{ end -}}`,
    `{{ if gt (len .Alerts.Firing) ${MOST_ALERTS} }}${more}`,
    '{{ end -}}',
    `{{ range $i, $a := .Alerts.Resolved }}{{ if lt $i ${MOST_ALERTS} }}🟢 ${over}`,
    '{{ end }}{{ end -}}',
  ].join('\n');
}
