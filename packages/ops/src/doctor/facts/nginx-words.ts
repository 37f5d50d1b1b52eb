/** A word of nginx's configuration, or one of its signs `;`, `{` and `}`. */
export interface NginxWord {
  readonly text: string;
  readonly isSign: boolean;
  readonly line: number;
}

const SIGNS = new Set([';', '{', '}']);
const ENDS_A_WORD = /[\s;{]/;
/** Lua in braces is another language, with braces, quotes and semicolons of its own. */
const LUA_BLOCK = /_by_lua_block$/;

/** Cuts a text as nginx does: a quote begins only a word, `${name}` is part of one, `#` comments where a word could begin. */
export function wordsOf(text: string): readonly NginxWord[] {
  const words: NginxWord[] = [];
  let at = 0;
  let line = 1;
  const skipTo = (end: number) => {
    line += text.slice(at, end).split('\n').length - 1;
    at = end;
  };
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (/\s/.test(sign)) skipTo(at + 1);
    else if (sign === '#') skipTo(endOr(text, text.indexOf('\n', at)));
    else if (sign === '{' && LUA_BLOCK.test(words.at(-1)?.text ?? '')) {
      words.push({ text: ';', isSign: true, line });
      skipTo(endOfBraces(text, at));
    } else if (SIGNS.has(sign)) {
      words.push({ text: sign, isSign: true, line });
      skipTo(at + 1);
    } else {
      const isQuoted = sign === '"' || sign === "'";
      const end = isQuoted ? endOfQuoted(text, at) : endOfBare(text, at);
      const word = isQuoted ? text.slice(at + 1, end - 1).replace(/\\(["'\\])/g, '$1') : text.slice(at, end);
      words.push({ text: word, isSign: false, line });
      skipTo(end);
    }
  }
  return words;
}

function endOr(text: string, found: number): number {
  return found === -1 ? text.length : found;
}

function endOfQuoted(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== text[from]) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function endOfBare(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === '\\') at += 2;
    else if (text.startsWith('${', at)) at = endOr(text, text.indexOf('}', at)) + 1;
    else if (ENDS_A_WORD.test(text[at] ?? '')) break;
    else at += 1;
  }
  return Math.min(at, text.length);
}

function endOfBraces(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
