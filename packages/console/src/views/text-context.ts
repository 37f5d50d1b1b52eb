import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Language, type Say, sayIn } from '../text/language.ts';

interface TextChoice {
  readonly language: Language;
  readonly say: Say;
  choose(language: Language): void;
}

const TextContext = createContext<TextChoice>({ language: 'en', say: sayIn('en'), choose: () => {} });

export const TextProvider = TextContext.Provider;

export function useText(): TextChoice {
  return useContext(TextContext);
}
