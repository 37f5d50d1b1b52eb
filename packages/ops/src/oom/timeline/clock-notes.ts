import type { Text } from '@maque/kit';
import type { TimelineClock } from './timeline.ts';

/** How surely the time of a kill is known, as it is said to people. */
export const CLOCK_NOTES: Readonly<Record<TimelineClock, Text>> = {
  exact: { en: 'the log tells the time with its zone', zh: '日志写明了时间与时区' },
  'zone-assumed': {
    en: 'the log tells no time zone: {zone} is assumed; --zone says another',
    zh: '日志没有写时区，按 {zone} 处理；可用 --zone 指定',
  },
  'from-uptime': {
    en: 'the log counts seconds since the start of this machine: the time may be off by some seconds, more after a suspend',
    zh: '日志只记录开机以来的秒数：换算的时间可能差几秒，休眠过则差得更多',
  },
  unknown: {
    en: 'When this was is not known: the log tells no time, or only seconds since a start whose time it does not tell. `dmesg -T` or journalctl tell it.',
    zh: '无法得知这发生在何时：日志没有时间，或只记录开机以来的秒数。请用 `dmesg -T` 或 journalctl 的输出。',
  },
};
