import type { Text } from '@maque/kit';
import type { Verdict } from '../load/capacity.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, Text>> = {
  fine: { en: 'Fine', zh: '没问题' },
  'with-care': { en: 'Works, with care', zh: '能跑，但要小心' },
  'do-not': { en: 'Do not', zh: '不要这样做' },
};

/** What the text and the Markdown both say. */
export const PLAN_WORDS = {
  dauTold: { en: '{dau} users a day', zh: '日活 {dau}' },
  dauDerived: { en: 'about {dau} users a day, from what was told', zh: '日活约 {dau}（由所给条件推算）' },
  dauAssumed: { en: '{dau} users a day, assumed', zh: '日活按 {dau} 估' },
  peak: { en: 'peak {qps} requests a second', zh: '高峰每秒 {qps} 个请求' },
  sockets: { en: '{sockets} sockets', zh: '{sockets} 条长连接' },
  carries: {
    en: 'The box carries {dau} users a day, {qps} requests a second; then {resource} runs out.',
    zh: '这台机器撑得住日活 {dau}、每秒 {qps} 个请求；再多，先不够的是{resource}。',
  },
  memoryBar: { en: 'Where the memory goes', zh: '内存去向' },
  sum: { en: 'The sum', zh: '内存账' },
  service: { en: 'service', zh: '服务' },
  part: { en: 'memory for', zh: '用途' },
  error: { en: '±', zh: '误差 ±' },
  how: { en: 'how', zh: '算法' },
  source: { en: 'source', zh: '依据' },
  sources: { en: 'Where the numbers come from', zh: '数字的依据' },
  total: { en: 'in all', zh: '合计' },
  limits: { en: 'Limits', zh: '各服务限额' },
  budget: { en: 'budget', zh: '预算' },
  settings: { en: 'settings', zh: '设置' },
  capacity: { en: 'What it carries', zh: '承载力' },
  resource: { en: 'by', zh: '受限于' },
  usersADay: { en: 'users a day', zh: '日活' },
  qps: { en: 'requests/s', zh: '请求/秒' },
  first: { en: 'first to run out', zh: '最先不够' },
  capacityNote: {
    en: 'Room for {sockets} sockets. A load test would get as far as {saturated} requests a second, with nothing left.',
    zh: '可容纳 {sockets} 条长连接。压测最高可到每秒 {saturated} 个请求，此时已无余量。',
  },
  box: { en: '(box)', zh: '（整机）' },
  upgrades: { en: 'What to do next', zh: '下一步怎么升级' },
  upgradesOfMisfit: { en: 'With any of these it fits', zh: '用下面任意一种即可装下' },
  noUpgrade: {
    en: 'None of the usual upgrades buys anything at this load.',
    zh: '按目前的负载，常见的升级都换不来什么。',
  },
  buys: {
    en: '{dau} users a day ({gain}), {qps} requests a second; then {resource} runs out',
    zh: '日活 {dau}（{gain}），每秒 {qps} 个请求；再多，先不够的是{resource}',
  },
  gain: { en: '+ {dau}', zh: '+ {dau}' },
  needs: { en: 'needs:', zh: '需要：' },
  changes: { en: 'Any one of these makes it fit', zh: '做到下面任意一条即可装下' },
  moveOut: {
    en: 'move {service} to another machine: frees {bytes}',
    zh: '把 {service} 移到别的机器：腾出 {bytes}',
  },
  moveOutSeveral: {
    en: 'no single service is enough; move {services} to another machine: frees {bytes}',
    zh: '只移走一个服务不够；把 {services} 移到别的机器：腾出 {bytes}',
  },
  askLess: {
    en: 'ask for less: {what} of {service} at most {most}',
    zh: '少要一点：{service} 的 {what} 最多 {most}',
  },
  askMore: {
    en: 'ask for more: {what} of {service} at least {least}',
    zh: '多给一点：{service} 的 {what} 至少 {least}',
  },
  biggerBox: { en: 'a box of at least {bytes}', zh: '换用内存至少 {bytes} 的机器' },
  picture: { en: 'How it is put together', zh: '部署结构' },
  tooWide: {
    en: 'Wider than this terminal; --svg box.svg draws it into a file.',
    zh: '比终端宽，画不下；用 --svg box.svg 画到文件里。',
  },
  over: { en: '> {count}', zh: '> {count}' },
} as const satisfies Record<string, Text>;
