import { type Language, say } from '@maque/kit';
import type { Meaning } from './meaning.ts';

/** A remark that says what a number is for and how it came about, and where to read on. */
export interface NumberRemark {
  readonly meaning: Meaning;
  /** In numbers that read the same in every language: `2 × 1024`. Empty where the meaning says it all. */
  readonly formula?: string;
}

/** One line of text, to stand behind a comment mark above the number. */
export function remarkOn({ meaning, formula }: NumberRemark, language: Language): string {
  const how = formula === undefined || formula === '' ? '' : ` = ${formula}`;
  return `${meaning.id}${how}: ${say(meaning.short, language)}`;
}
