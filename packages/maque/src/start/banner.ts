import { formatBytes, type Language, say, type Text } from '@maque/kit';
import { type Budget, displayWidth, formatBasis, formatBudget } from '@maque/ops';
import type { Terminal } from '../cli/terminal.ts';

/** Who answers for WeChat. */
export type WechatSide =
  | { readonly kind: 'simulator'; readonly url: string }
  | { readonly kind: 'real'; readonly url: string }
  | { readonly kind: 'none' };

/** Everything that the first screen tells. */
export interface StartFacts {
  readonly version: string;
  readonly env: string;
  /** Where people reach it: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly metricsUrl: string;
  readonly wechat: WechatSide;
  /** The one-time link to the console; undefined once somebody owns it. */
  readonly adminLink: string | undefined;
  readonly configPath: string;
  readonly dataDir: string;
  readonly bootMs: number;
  readonly plan: Budget;
}

const WORDS = {
  ready: { en: 'ready in {seconds} s', zh: '{seconds} 秒就绪' },
  api: { en: 'API', zh: '接口' },
  console: { en: 'Console', zh: '控制台' },
  firstLogin: { en: 'first login, works once: {link}', zh: '首次登录（一次有效）：{link}' },
  metrics: { en: 'Metrics', zh: '指标' },
  wechat: { en: 'WeChat', zh: '微信' },
  simulator: {
    en: 'SIMULATOR at {url}: anyone can log in as anyone, with the code demo-1, demo-2 …',
    zh: '模拟器 {url} （任何人可冒充任何人登录，code 用 demo-1、demo-2 …）',
  },
  none: { en: 'off: no WeChat login', zh: '未接入：不提供微信登录' },
  app: { en: 'App', zh: '应用' },
  data: { en: 'Data', zh: '数据' },
  budget: {
    en: 'Memory budget {limit} ({basis}), workers: {workers}',
    zh: '内存预算 {limit}（{basis}），工作进程：{workers}',
  },
  stop: { en: 'Ctrl-C stops it.', zh: '按 Ctrl-C 停止。' },
} satisfies Record<string, Text>;

/** The first screen: where everything is, and how the memory is shared out. */
export function formatBanner(facts: StartFacts, style: Terminal['style'], language: Language): string {
  const { plan, url, wechat, adminLink } = facts;
  const word = (text: Text, data = {}) => say(text, language, data);
  const seconds = (facts.bootMs / 1000).toFixed(1);
  const rows: (readonly [string, string])[] = [
    [word(WORDS.api), style('cyan', `${url}/api`)],
    ['OpenAPI', style('cyan', `${url}/openapi.json`)],
    [word(WORDS.console), style('cyan', `${url}/_/`)],
    ...(adminLink === undefined
      ? []
      : [['', word(WORDS.firstLogin, { link: style('cyan', adminLink) })] as const]),
    [word(WORDS.metrics), style('cyan', facts.metricsUrl)],
    [word(WORDS.wechat), wechatText(wechat, style, language)],
    [word(WORDS.app), facts.configPath],
    [word(WORDS.data), facts.dataDir],
  ];
  const data = {
    limit: formatBytes(plan.basis.limitBytes),
    basis: formatBasis(plan.basis, language),
    workers: plan.workers,
  };
  return [
    '',
    `${style('bold', `麻雀 Maque ${facts.version}`)} · ${facts.env} · ${word(WORDS.ready, { seconds })}`,
    '',
    ...labelled(rows),
    '',
    word(WORDS.budget, data),
    '',
    ...formatBudget(plan, language)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    style('dim', word(WORDS.stop)),
  ].join('\n');
}

function wechatText(wechat: WechatSide, style: Terminal['style'], language: Language): string {
  if (wechat.kind === 'simulator')
    return style('yellow', say(WORDS.simulator, language, { url: wechat.url }));
  return wechat.kind === 'real' ? wechat.url : say(WORDS.none, language);
}

function labelled(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => displayWidth(label)));
  return rows.map(([label, text]) => `  ${label}${' '.repeat(width - displayWidth(label))}  ${text}`);
}
