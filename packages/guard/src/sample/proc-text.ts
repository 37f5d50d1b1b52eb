import { type Bytes, KiB } from '@maque/kit';

/** A field of a text of lines `name value`, such as memory.stat; null when it is not there. */
export function statField(text: string, name: string): number | null {
  const start = `\n${text}`.indexOf(`\n${name} `);
  return start === -1 ? null : leadingNumber(text, start + name.length);
}

/** A field of /proc/meminfo, lines `Name:   123 kB`; null when it is not there. */
export function meminfoField(text: string, name: string): Bytes | null {
  const start = text.indexOf(`${name}:`);
  const kibibytes = start === -1 ? null : leadingNumber(text, start + name.length + 1);
  return kibibytes === null ? null : kibibytes * KiB;
}

/**
 * The share of the last ten seconds in which every task waited for memory, of /proc/pressure/memory or
 * memory.pressure (PSI).
 */
export function fullStall(text: string): number | null {
  const start = text.indexOf('full avg10=');
  const percent = start === -1 ? null : leadingNumber(text, start + 'full avg10='.length);
  return percent === null ? null : percent / 100;
}

/** One number alone in a file, such as memory.max; null for `max` and whatever else is no number. */
export function soleNumber(text: string | null): number | null {
  return text === null ? null : leadingNumber(text, 0);
}

function leadingNumber(text: string, start: number): number | null {
  const value = Number.parseFloat(text.slice(start, start + 32));
  return Number.isFinite(value) ? value : null;
}
