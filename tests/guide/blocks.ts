import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const guide = join(root, 'docs/guide');
export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/**
 * A fenced block. What becomes of it is said behind its language:
 *
 *     ts file=src/notes.ts     is written as that file
 *     ts source=examples/…     stands in that file of the repository, but for its comments
 *     sh start                 goes on until the next start or the end of the chapter, and answers on port 8080
 *     sh start alone           is the same without a keeper
 *     sh run                   runs and ends, with `exit=1` where it fails; what it sets is there for what comes later
 *     text answer              is what the block before prints. `…` stands for any text, alone in a line for any lines;
 *                              with `numbers=any` a number stands for any number
 *     json answer              is the same as data. `…` is any text, as a value anything, as an item or a key any others
 *     http answer              is the same as `curl -i` prints it: status, headers (there may be others), JSON or nothing
 *     text screen              stands among what the program that goes on has printed
 *
 * The ports 8080 to 8082 are free ones in a test, and `npm start` is what it is in the repository. A block without such
 * a word is there for people only.
 */
export interface Block {
  /** `docs/guide/en/routes.md:12`. */
  readonly at: string;
  readonly language: string;
  /** What stands behind the language. */
  readonly marks: string;
  readonly text: string;
}

/** File names of the chapters. */
export function chaptersIn(language: Language): string[] {
  return readdirSync(join(guide, language)).filter((name) => name.endsWith('.md'));
}

export function chapterText(language: Language, chapter: string): string {
  return readFileSync(join(guide, language, chapter), 'utf8');
}

export function blocksIn(language: Language, chapter: string): Block[] {
  const markdown = chapterText(language, chapter);
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map((fence) => ({
    at: `docs/guide/${language}/${chapter}:${markdown.slice(0, fence.index).split('\n').length}`,
    language: fence[1] ?? '',
    marks: fence[2] ?? '',
    text: fence[3] ?? '',
  }));
}

/** The value of `name=value` among the marks. */
export function markOf({ marks }: Block, name: string): string | undefined {
  return new RegExp(`(?:^| )${name}=(\\S+)`).exec(marks)?.[1];
}

/** The text without its comments, which each language has of its own. */
export function codeOf({ language, text }: Pick<Block, 'language' | 'text'>): string {
  const comment = /^(ts|js)$/.test(language) ? /(^|\s)(\/\/ .*|\/\*\*[\s\S]*?\*\/)$/gm : /(^|\s)# .*$/gm;
  return text
    .replace(comment, '')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}
