import { textRuns } from '../../../ports/text-runs.ts';

// No tag has another in it, and a text of nothing but `<` is read once, not once for each.
const TAGS = /<[^<>]*>/g;
// What stands within a word and ends none: 不<b>锈</b>钢.
const INLINE = /^<\/?(?:a|b|code|em|font|i|mark|s|small|span|strong|sub|sup|u)\b/i;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': ' ',
};

/**
 * A text as FTS5 is given it: words between spaces, where a run of an unspaced script is its pairs of characters and its
 * last character: 绿茶杯 is `绿茶 茶杯 杯`. A pair is found as a word, three and more characters as words that follow each
 * other, a single character as the beginning of a pair; each is one lookup. With `trigram`, the tokenizer that FTS5 has
 * for it, one or two characters are found by reading everything.
 */
export function wordsOf(text: string, isHtml: boolean): string {
  const plain = isHtml ? withoutTags(text) : text;
  return textRuns(plain)
    .map((run) => (run.isSpaced ? run.text : [...pairsOf(run.text), lastOf(run.text)].join(' ')))
    .join(' ');
}

/** 绿茶杯 is 绿茶, 茶杯; a single character has none. */
export function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.slice(1).map((second, index) => `${characters[index]}${second}`);
}

function lastOf(run: string): string {
  return [...run].at(-1) ?? '';
}

function withoutTags(html: string): string {
  const text = html.replace(TAGS, (tag) => (INLINE.test(tag) ? '' : ' '));
  return text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? ' ');
}
