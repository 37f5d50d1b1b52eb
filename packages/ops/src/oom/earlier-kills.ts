import { type Language, say, type Text } from '@maque/kit';
import { formatTable } from '../present/text-table.ts';
import type { Kill } from './kill.ts';
import { kindOf } from './kill-title.ts';

const WORDS = {
  title: {
    en: '{count} earlier, in short (--json tells of each):',
    zh: '更早的 {count} 次，仅列概要（--json 给出每一次的详情）：',
  },
  leftOut: {
    en: '{count} still earlier, of which no more is kept',
    zh: '再早的 {count} 次未保留详情',
  },
  times: { en: 'times', zh: '次数' },
  who: { en: 'who', zh: '被杀者' },
  first: { en: 'first', zh: '最早' },
  last: { en: 'last', zh: '最近' },
  others: { en: 'others', zh: '其他' },
} as const satisfies Record<string, Text>;

/** More is a list that nobody reads. */
const SHOWN_KINDS = 12;

interface Kind {
  readonly what: string;
  readonly times: number;
  readonly first: Kill;
  readonly last: Kill;
}

/** Of a log of many kills the older ones, by what they have in common: how often, from when until when. */
export function earlierKills(
  kills: readonly Kill[],
  leftOut: number,
  language: Language,
  isOfSeveral: boolean,
): readonly string[] {
  const word = (text: Text, data = {}) => say(text, language, data);
  const beyond = leftOut === 0 ? [] : [word(WORDS.leftOut, { count: leftOut })];
  if (kills.length === 0) return beyond;
  const kinds = kindsOf(kills, language, isOfSeveral).toSorted((a, b) => b.times - a.times);
  const rest = kinds.slice(SHOWN_KINDS);
  const others = rest.reduce((sum, { times }) => sum + times, 0);
  const table = formatTable(
    [
      { title: word(WORDS.times), align: 'right' },
      { title: word(WORDS.who) },
      { title: word(WORDS.first) },
      { title: word(WORDS.last) },
    ],
    [
      ...kinds
        .slice(0, SHOWN_KINDS)
        .map(({ what, times, first, last }) => [`${times}`, what, whenOf(first), whenOf(last)]),
      ...(others === 0 ? [] : [[`${others}`, word(WORDS.others), '', '']]),
    ],
  );
  return [word(WORDS.title, { count: kills.length }), ...table.map((line) => `  ${line}`), ...beyond];
}

function kindsOf(kills: readonly Kill[], language: Language, isOfSeveral: boolean): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const kill of kills) {
    const what = kindOf(kill, language, isOfSeveral);
    const known = kinds.get(what);
    kinds.set(what, { what, times: (known?.times ?? 0) + 1, first: known?.first ?? kill, last: kill });
  }
  return [...kinds.values()];
}

function whenOf({ time, uptimeSeconds }: Kill): string {
  return time ?? (uptimeSeconds === null ? '' : `[${uptimeSeconds.toFixed(0)} s]`);
}
