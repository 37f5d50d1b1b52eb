import { type TextKey, texts } from './texts.ts';

export type Language = 'en' | 'zh-CN';
export type TextData = Readonly<Record<string, string | number>>;
/** Says one text in the language of the page. */
export type Say = (key: TextKey, data?: TextData) => string;

const storageKey = 'maque:language';

/** What the admin chose before; otherwise what the browser prefers. */
export function readLanguage(storage: Storage, preferred: string): Language {
  const chosen = storage.getItem(storageKey);
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  return /^zh/i.test(preferred) ? 'zh-CN' : 'en';
}

export function keepLanguage(storage: Storage, language: Language): void {
  storage.setItem(storageKey, language);
}

export function sayIn(language: Language): Say {
  return (key, data = {}) =>
    texts[key][language === 'zh-CN' ? 'zh' : 'en'].replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(data, name) ? String(data[name]) : whole,
    );
}
