import type { Language } from '../text/language.ts';
import { useText } from './text-context.ts';

const choices: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'zh-CN', name: '中文' },
  { language: 'en', name: 'EN' },
];

export function LanguageSwitch() {
  const { language, say, choose } = useText();
  return (
    <fieldset class="language-switch">
      <legend class="visually-hidden">{say('header.language')}</legend>
      {choices.map((choice) => (
        <button
          key={choice.language}
          type="button"
          lang={choice.language}
          aria-pressed={language === choice.language}
          onClick={() => choose(choice.language)}
        >
          {choice.name}
        </button>
      ))}
    </fieldset>
  );
}
