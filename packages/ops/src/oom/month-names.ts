const ENGLISH = 'January February March April May June July August September October November December'.split(
  ' ',
);
const englishMonths = namesOf(
  ENGLISH.flatMap((name, index) => [[name, index + 1] as const, [name.slice(0, 3), index + 1] as const]),
);

/** Other languages in which servers and desktops print the months of their logs. */
const LOCALES = ['de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'uk', 'tr', 'sv', 'cs', 'ja', 'ko', 'zh'];

/** Made when the first name comes that is not English: the data of so many languages takes 12 MiB and 50 ms. */
let foreignMonths: ReadonlyMap<string, number> | undefined;

function readForeignMonths(): ReadonlyMap<string, number> {
  return namesOf(
    LOCALES.flatMap((locale) => (['short', 'long'] as const).flatMap((style) => monthsIn(locale, style))),
  );
}

function monthsIn(locale: string, style: 'short' | 'long'): (readonly [string, number])[] {
  const format = new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' });
  const withDay = new Intl.DateTimeFormat(locale, { month: style, day: 'numeric', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 1))).flatMap(
    (date, index) => {
      // Some languages decline a month that stands with a day.
      const inDate = withDay.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
      return [[format.format(date), index + 1] as const, [inDate, index + 1] as const];
    },
  );
}

function namesOf(months: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  return new Map(months.map(([name, month]) => [plain(name), month]));
}

/** The month that a name such as `Oct`, `12月` or `févr.` means, 1 to 12; undefined when it means none. */
export function monthOf(name: string): number | undefined {
  const numbered = /^(\d{1,2})[月월]$/.exec(name);
  if (numbered !== null) {
    const month = Number(numbered[1]);
    return month >= 1 && month <= 12 ? month : undefined;
  }
  const english = englishMonths.get(plain(name));
  if (english !== undefined) return english;
  foreignMonths ??= readForeignMonths();
  return foreignMonths.get(plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
