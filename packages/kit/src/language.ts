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

/**
 * Fills a message with its data in one language; a datum that is missing stays visible as `{name}`. A datum that is a
 * {@link Text} itself is said in the same language, with the other data.
 */
export function say(text: Text, language: Language, data: TextData = {}): string {
  const template = language === 'zh-CN' ? text.zh : text.en;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(data, name)) return whole;
    const { [name]: datum, ...others } = data;
    return isText(datum) ? say(datum, language, others) : String(datum);
  });
}

function isText(datum: unknown): datum is Text {
  return typeof datum === 'object' && datum !== null && 'en' in datum && 'zh' in datum;
}

/** What is described in one language, in both. */
export function inBothLanguages(describe: (language: Language) => string): Text {
  return { en: describe('en'), zh: describe('zh-CN') };
}
