import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksIn, chaptersIn, chapterText, codeOf, guide, languages, root } from './guide/blocks.ts';

// What the pages of the guide have in common. That it does what it says: guide-in-english and guide-in-chinese.
const chapters = chaptersIn('en');

describe('both languages', () => {
  it('have the same chapters', () => {
    expect(chaptersIn('zh-CN')).toEqual(chapters);
  });

  it.each(chapters)('have the same code in %s', (chapter) => {
    const [english, chinese] = languages.map((language) =>
      blocksIn(language, chapter).map((block) => {
        // What a command prints is in the reader's language.
        const code = block.language === 'text' ? '' : codeOf(block);
        return { language: block.language, marks: block.marks, code };
      }),
    );
    expect(chinese).toEqual(english);
  });
});

const pages = [
  'README.md',
  ...languages.flatMap((language) => chapters.map((name) => `${language}/${name}`)),
];

describe.each(pages)('%s', (page) => {
  const read = () => readFileSync(join(guide, page), 'utf8');

  it('links to what is there', () => {
    const targets = [...read().matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !isThere(join(guide, page), target))).toEqual([]);
  });

  it('names only settings and error codes that there are', () => {
    const known = new Set(sources('{packages,examples}/*/src/**/*.ts').flatMap(codesIn));
    const named = [...read().matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

it.each(languages)('operations in %s says what to do about every error of a start', (language) => {
  const tables = sources('packages/server/src/{config/boot,modules/records/records}-errors.ts');
  const codes = tables.flatMap(codesIn);
  expect(codes).toContain('PORT_IN_USE');
  const text = chapterText(language, 'operations.md');
  expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});

/** Whether there is such a file, with such a heading when the target names one: `operations.md#logs`. */
function isThere(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : join(dirname(page), file);
  if (anchor === undefined || !existsSync(path)) return existsSync(path);
  const titles = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return titles.some((title) => anchorOf(title) === anchor);
}

/** As GitHub makes them. */
function anchorOf(title: string): string {
  const words = title.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '');
  return words.replaceAll(' ', '-');
}

function sources(pattern: string): string[] {
  const files = globSync(pattern, { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  return files.map((file) => readFileSync(join(root, file), 'utf8'));
}

/** The error codes that a source defines, and the settings that it knows: `  PORT_IN_USE: {`, `env: 'MAQUE_HOST'`. */
function codesIn(source: string): string[] {
  const defined = source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): \{|\benv: '([A-Z_]+)'/gm);
  return [...defined].map(([, code, setting]) => code ?? setting ?? '');
}
