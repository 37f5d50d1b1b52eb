import { isoOf, keepTime, type Prefix } from './line-prefix.ts';

const DAY = /(?:(\d{4})年 ?)?(\d{1,2})月 {0,2}(\d{1,2})日[ ,，]{0,2}/;
const WEEKDAY = /(?:[（(]?(?:(?:星期|周)?[一二三四五六日]|[月火水木金土]曜?|日曜)日?[）)]?)?/;
const HALF_OF_DAY = /(上午|下午|凌晨|早上|中午|晚上|午前|午後)?/;
const CLOCK = /(\d{1,2})(?::|时|時|点)(\d\d)(?::|分)(\d\d)秒?(?:[.,](\d{1,9}))?/;
/** Letters mean several zones, so that those are not known: CST is America's, China's or Cuba's. */
const ZONE = /(?: ?(Z|[+-]\d\d:?\d\d)| (UTC|GMT)| [A-Z]{2,5}(?= \S{1,255} \S{1,80}: ))?/;
const END = /\]?[:：]?(?:\s+|$)/;
const ALL = [DAY, WEEKDAY, / ?/, HALF_OF_DAY, / ?/, CLOCK, ZONE, END].map(({ source }) => source).join('');
const AFTERNOON: ReadonlySet<string | undefined> = new Set(['下午', '晚上', '午後']);
const MORNING: ReadonlySet<string | undefined> = new Set(['上午', '凌晨', '早上', '午前']);

/**
 * `2026年5月1日 03:12:09 `, `2026年05月01日 星期五 03时12分09秒 `, `5月1日 下午 3:12:09 `: as `date`, panels and programs
 * print it where the language is Chinese or Japanese.
 */
export const CHINESE_DATE: Prefix = {
  pattern: new RegExp(`^\\[?${ALL}`),
  read([, year, month, day, half, hour, minute, second, fraction, zone, utc], told, nowMs) {
    const clock = `${hourOf(Number(hour), half)}:${minute}:${second}`;
    const exact = fraction === undefined ? '' : `.${fraction.slice(0, 3)}`;
    const time = isoOf(
      `${month}月`,
      Number(day),
      `${clock}${exact}${utc === undefined ? (zone ?? '') : 'Z'}`,
      year === undefined ? undefined : Number(year),
      nowMs,
    );
    return keepTime(told, time);
  },
};

function hourOf(hour: number, half: string | undefined): string {
  const isNoonOrMidnight = hour === 12;
  if (AFTERNOON.has(half) && hour < 12) return String(hour + 12);
  return String(MORNING.has(half) && isNoonOrMidnight ? 0 : hour).padStart(2, '0');
}
