import { type Language, say, type Text } from '@maque/kit';

const HEAD: Text = {
  en: 'Made by maque render {target}. The numbers come from the plan: change that and render again.',
  zh: '由 maque render {target} 生成。数字来自内存规划：请修改规划后重新生成。',
};

/** The first line of a file whose comments begin with `#`. */
export function headOf(target: string, language: Language): string {
  return `# ${say(HEAD, language, { target })}`;
}
