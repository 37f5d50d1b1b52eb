import { say, type Text } from '@maque/kit';
import { type RenderedFile, type RenderTarget, targets } from '@maque/ops/render';
import type { Surroundings } from '../cli/command.ts';

const WORDS = {
  nothing: { en: 'The plan has nothing for that.', zh: '规划中没有相应的内容。' },
  hint: {
    en: '\nmaque render <target> prints · --out <folder> writes a tree · --apply writes to this server, and asks first',
    zh: '\nmaque render <目标> 打印内容 · --out <目录> 写成目录树 · --apply 写入本服务器（先询问）',
  },
  target: { en: '{summary} ({place})', zh: '{summary}（{place}）' },
  project: { en: 'project', zh: '项目' },
  server: { en: 'server', zh: '服务器' },
  elsewhere: { en: 'elsewhere', zh: '其他机器' },
} satisfies Record<string, Text>;

/** One line a file, under a line for its target. */
export function listFiles(files: readonly RenderedFile[], { terminal, language }: Surroundings): void {
  if (files.length === 0) terminal.error(say(WORDS.nothing, language));
  for (const target of targets) {
    const own = files.filter((file) => file.target === target.name);
    if (own.length > 0) terminal.out(titleOf(target, { terminal, language }));
    for (const { path, content, mode } of own) {
      const lines = String(content.split('\n').length - 1).padStart(5);
      terminal.out(`${lines}  ${path}${mode === undefined ? '' : `  ${mode.toString(8)}`}`);
    }
  }
  terminal.error(say(WORDS.hint, language));
}

export function listTargets(surroundings: Surroundings): void {
  const width = Math.max(...targets.map(({ name }) => name.length));
  for (const target of targets) surroundings.terminal.out(titleOf(target, surroundings, width));
}

function titleOf(
  { name, summary, belongsTo }: RenderTarget,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
  width = 0,
): string {
  const title = terminal.style('bold', name.padEnd(width));
  return `${title}  ${say(WORDS.target, language, { summary, place: WORDS[belongsTo] })}`;
}

/** Their contents; between several stands whose they are, as `head` does it. */
export function printFiles(files: readonly RenderedFile[], { terminal, language }: Surroundings): void {
  if (files.length === 0) terminal.error(say(WORDS.nothing, language));
  for (const [index, { path, content }] of files.entries()) {
    if (files.length > 1) terminal.out(`${index === 0 ? '' : '\n'}==> ${path} <==`);
    terminal.out(content.replace(/\n$/, ''));
  }
}

/** What `--json` prints. */
export function filesJson(files: readonly RenderedFile[]): object {
  return {
    files: files.map(({ target, path, content, mode = 0o644, apply = null, next = [] }) => ({
      target,
      belongsTo: targets.find(({ name }) => name === target)?.belongsTo,
      path,
      mode: mode.toString(8).padStart(4, '0'),
      content,
      apply,
      next,
    })),
  };
}

/** What is left for a person to do, each once. */
export function nextSteps(files: readonly RenderedFile[]): readonly string[] {
  return [...new Set(files.flatMap(({ next = [] }) => next))];
}
