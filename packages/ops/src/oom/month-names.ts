/** Languages in which servers and desktops print the months of their logs. */
const LOCALES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'ru',
  'uk',
  'tr',
  'sv',
  'cs',
  'ja',
  'ko',
  'zh',
];

const monthByName = new Map<string, number>();
for (const locale of LOCALES) {
  for (const style of ['short', 'long'] as const) {
    const format = new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' });
    const withDay = new Intl.DateTimeFormat(locale, { month: style, day: 'numeric', timeZone: 'UTC' });
    for (let month = 0; month < 12; month += 1) {
      const date = new Date(Date.UTC(2026, month, 1));
      // Some languages decline a month that stands with a day.
      const inDate = withDay.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
      for (const name of [format.format(date), inDate]) monthByName.set(plain(name), month + 1);
    }
  }
}

/** The month that a name such as `Oct`, `12月` or `févr.` means, 1 to 12; undefined when it means none. */
export function monthOf(name: string): number | undefined {
  const numbered = /^(\d{1,2})[月월]$/.exec(name);
  if (numbered !== null) {
    const month = Number(numbered[1]);
    return month >= 1 && month <= 12 ? month : undefined;
  }
  return monthByName.get(plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
