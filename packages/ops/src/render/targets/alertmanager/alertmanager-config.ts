import { type Language, say, type Text } from '@maque/kit';
import { remarkOn } from '../../comment-numbers.ts';
import { headOf } from '../../file-head.ts';
import type { Meaning } from '../../meaning.ts';
import { remarked, writeYaml, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { meanings } from './alertmanager-meanings.ts';
import { messageTemplate } from './message-template.ts';
import { SECRETS_FILE } from './wecom-secrets.ts';

const NOTES: readonly Text[] = [
  {
    en: `No secret stands here: @…@ is filled in from ${SECRETS_FILE} at each start. Check with amtool check-config.`,
    zh: `这里没有密钥：每次启动时用 ${SECRETS_FILE} 填入 @…@ 处。可用 amtool check-config 检查。`,
  },
  {
    en: 'Alertmanager speaks to an application of WeCom by itself. A group robot takes a body of its own that Alertmanager cannot make: for a robot, let the keeper tell (docs/guide/en/alerts.md).',
    zh: 'Alertmanager 可以直接向企业微信“应用”发消息。群机器人要求特定格式的消息体，Alertmanager 无法生成：要用机器人，请用守护进程自带的告警（docs/guide/zh-CN/alerts.md）。',
  },
];
const AT_ONCE: Text = { en: 'Urgent: at any hour', zh: '紧急：任何时间都发' };
const BY_DAY: Text = { en: 'The rest: by day', zh: '其余：白天发' };
const INHIBITED: Text = {
  en: 'Who knows the cause need not read its consequences',
  zh: '已知原因时，不再通知由它引起的其他告警',
};

/** Labels that say which thing is in trouble: a critical alert stands for the warning about the same thing. */
const SAME_THING = ['alertname', 'box', 'app', 'env', 'worker', 'process', 'pool', 'mountpoint', 'path'];

type Remark = (meaning: Meaning, value: YamlValue) => YamlValue;

/** `alertmanager.yml`, but for its secrets. */
export function alertmanagerConfig(language: Language): string {
  const remark: Remark = (meaning, value) => remarked(remarkOn({ meaning }, language), value);
  const config = writeYaml({
    global: {
      resolve_timeout: remark(meanings.resolve_timeout, '5m'),
      wechat_api_corp_id: '@WECOM_CORP_ID@',
      // Since 0.31 it can be read from a file (wechat_api_secret_file); Debian 12 and 13 and Ubuntu have older ones.
      wechat_api_secret: '@WECOM_SECRET@',
    },
    route: route(remark, language),
    time_intervals: [nightly(remark)],
    inhibit_rules: remarked(['', say(INHIBITED, language)], inhibitions()),
    receivers: ['wecom-at-once', 'wecom-by-day'].map((name) => receiver(name, remark, language)),
  });
  const notes = NOTES.map((note) => `# ${say(note, language)}`);
  return [headOf('alertmanager', language), ...notes, config].join('\n');
}

function route(remark: Remark, language: Language): YamlMap {
  return {
    receiver: 'wecom-by-day',
    group_by: ['box', 'app', 'severity'],
    group_wait: remark(meanings.group_wait, '30s'),
    group_interval: remark(meanings.group_interval, '5m'),
    repeat_interval: remark(meanings.repeat_interval, '12h'),
    routes: [
      remarked(['', say(AT_ONCE, language)], {
        matchers: ['severity="critical"'],
        receiver: 'wecom-at-once',
        group_wait: remark(meanings.group_wait_critical, '10s'),
        repeat_interval: remark(meanings.repeat_interval_critical, '4h'),
      }),
      remarked(['', say(BY_DAY, language)], {
        matchers: ['severity!="critical"'],
        receiver: 'wecom-by-day',
        mute_time_intervals: ['night'],
      }),
    ],
  };
}

function nightly(remark: Remark): YamlMap {
  const times = [
    { start_time: '23:00', end_time: '24:00' },
    { start_time: '00:00', end_time: '08:00' },
  ];
  return {
    name: 'night',
    time_intervals: [{ times: remark(meanings.quiet_hours, times), location: 'Asia/Shanghai' }],
  };
}

function inhibitions(): readonly YamlMap[] {
  const inhibit = (source: string, targets: readonly string[], equal: readonly string[]): YamlMap => ({
    source_matchers: [source],
    target_matchers: targets,
    equal,
  });
  return [
    inhibit('alertname="BoxDown"', ['alertname!="BoxDown"'], ['box']),
    inhibit(
      'alertname="MaqueDown"',
      ['alertname=~"Maque.+"', 'alertname!="MaqueDown"'],
      ['box', 'app', 'env'],
    ),
    inhibit(
      'alertname="MaqueNoWorkerReady"',
      ['alertname=~"MaqueWorkers?(Missing|Die|Silent)"'],
      ['box', 'app', 'env'],
    ),
    inhibit('alertname="BoxOomKill"', ['alertname="MaqueKernelKilled"'], ['box']),
    inhibit('alertname=~"BoxOomKill|MaqueKernelKilled"', ['alertname="MaqueWorkerOutOfMemory"'], ['box']),
    inhibit('severity="critical"', ['severity="warning"'], SAME_THING),
  ];
}

function receiver(name: string, remark: Remark, language: Language): YamlMap {
  const message = messageTemplate(language);
  return {
    name,
    wechat_configs: [
      {
        send_resolved: true,
        agent_id: '@WECOM_AGENT_ID@',
        to_user: '@WECOM_TO_USER@',
        message_type: 'text',
        message: remarked(
          [remarkOn({ meaning: meanings.most_alerts }, language)],
          remark(meanings.beijing_time, message),
        ),
      },
    ],
  };
}
