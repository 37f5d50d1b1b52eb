import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';

/** Of what watches: who does not hear of its faults believes that all is well. */
export const monitoringAlerts: readonly AlertRule[] = [
  {
    name: 'PrometheusConfigNotLoaded',
    measure: 'prometheus_config_last_reload_successful',
    alarmsWhen: 'below',
    levels: () => [{ severity: 'warning', limit: 1, forMinutes: 5 }],
    unit: 'number',
    summary: {
      en: 'Prometheus could not load its new configuration and goes on with the old one',
      zh: 'Prometheus 无法加载新配置，仍在用旧配置',
    },
    advice: {
      en: 'promtool check config /etc/prometheus/prometheus.yml',
      zh: '运行 promtool check config /etc/prometheus/prometheus.yml',
    },
    guide: GUIDE.alerts,
    meaning: {
      short: { en: 'the last reload of the configuration worked', zh: '最近一次加载配置成功' },
      explanation: {
        en: 'A rule that was added by hand and has a fault: everything looks as before, and the new rule never speaks.',
        zh: '手工加的规则写错了：看上去一切照旧，新规则却永远不会触发。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady('prometheus_config_last_reload_successful', value)],
  },
  {
    name: 'PrometheusRulesFail',
    measure: 'sum without (rule_group) (increase(prometheus_rule_evaluation_failures_total[15m]))',
    alarmsWhen: 'above',
    levels: () => [{ severity: 'warning', limit: 0, forMinutes: 0 }],
    unit: 'number',
    summary: { en: 'Prometheus cannot work out some of its rules', zh: 'Prometheus 有规则无法计算' },
    advice: {
      en: 'The page /rules of Prometheus shows which, and why',
      zh: 'Prometheus 的 /rules 页面会显示是哪条、为什么',
    },
    guide: GUIDE.alerts,
    meaning: {
      short: { en: 'rules that failed in 15 minutes', zh: '15 分钟内计算失败的规则' },
      explanation: {
        en: 'A rule that fails says nothing, which looks like good news.',
        zh: '计算失败的规则不会说话，看起来像一切正常。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('prometheus_rule_evaluation_failures_total{rule_group="a"}', value)],
  },
  {
    name: 'AlertmanagerNotReached',
    measure: 'increase(prometheus_notifications_dropped_total[15m])',
    alarmsWhen: 'above',
    levels: ({ hasAlertmanager }) =>
      hasAlertmanager ? [{ severity: 'critical', limit: 0, forMinutes: 0 }] : [],
    unit: 'number',
    summary: {
      en: 'Prometheus does not reach Alertmanager: alerts are lost',
      zh: 'Prometheus 连不上 Alertmanager，告警正在丢失',
    },
    advice: {
      en: 'systemctl status prometheus-alertmanager',
      zh: '先看 systemctl status prometheus-alertmanager',
    },
    guide: GUIDE.alerts,
    meaning: {
      short: { en: 'alerts dropped on the way in 15 minutes', zh: '15 分钟内途中丢失的告警' },
      explanation: {
        en: 'This one is lost as well while nothing gets through; it stands on the page of alerts, and is told when the way is open again.',
        zh: '通道不通时这一条也发不出去，但会显示在告警页面上，恢复后再发送。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('prometheus_notifications_dropped_total', value)],
  },
  {
    name: 'AlertmanagerCannotSend',
    measure: 'sum without (reason) (increase(alertmanager_notifications_failed_total[15m]))',
    alarmsWhen: 'above',
    levels: ({ hasAlertmanager }) =>
      hasAlertmanager ? [{ severity: 'warning', limit: 0, forMinutes: 5 }] : [],
    unit: 'number',
    summary: {
      en: 'Alertmanager cannot send through {integration}',
      zh: 'Alertmanager 无法通过 {integration} 发送',
    },
    advice: {
      en: "journalctl -u prometheus-alertmanager: wrong secret, or this server's address is not among those the WeCom app trusts",
      zh: '看 journalctl -u prometheus-alertmanager：密钥错误，或服务器 IP 不在企业微信应用的可信列表',
    },
    guide: GUIDE.alerts,
    meaning: {
      short: { en: 'messages that a channel refused, in 15 minutes', zh: '15 分钟内渠道拒收的消息' },
      explanation: {
        en: 'Seen on the dashboard and by a second channel; the first one cannot tell of its own death.',
        zh: '可在看板或第二个渠道看到；坏掉的渠道无法报告自己。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('alertmanager_notifications_failed_total{integration="wechat"}', value)],
  },
];
