/** The languages that Maque speaks to people. */
export type Language = 'en' | 'zh-CN';

/** One message in every language. `{name}` is replaced by the datum of that name. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** The data that fill a {@link Text}. */
export type TextData = Readonly<Record<string, unknown>>;

/** Chooses a language from what a user, a browser or `LANG` says: anything that starts with `zh` is Chinese. */
export function languageFrom(preference: string | undefined): Language {
  return /^\s*zh/i.test(preference ?? '') ? 'zh-CN' : 'en';
}

/** Fills a message with its data in one language; a datum that is missing stays visible as `{name}`. */
export function say(text: Text, language: Language, data: TextData = {}): string {
  const template = language === 'zh-CN' ? text.zh : text.en;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(data, name) ? String(data[name]) : whole,
  );
}
