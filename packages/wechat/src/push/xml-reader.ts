import { malformed } from './push-errors.ts';
import type { PushValue } from './push-message.ts';

// The deepest of WeChat's messages is xml > SubscribeMsgPopupEvent > List > TemplateId.
const MAX_DEPTH = 6;

// The longest lists name each template of a mini-program (50 at most) with four fields.
const MAX_ELEMENTS = 1_000;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What stands inside an element: text, or elements. */
type Content = string | { readonly [name: string]: PushValue };

/**
 * Reads the XML that WeChat pushes: one `xml` element, elements inside, text and CDATA in the innermost. No attributes,
 * comments, declarations or DTD, and no entities but the five: what XML parsers are attacked with is no part of it.
 * Elements of one name become an array.
 * @throws CodedError `WECHAT_PUSH_MALFORMED`
 */
export function readXml(text: string): { readonly [name: string]: PushValue } {
  const reader = new XmlReader(text.trim());
  const root = reader.element(1);
  if (root.name !== 'xml' || typeof root.content === 'string')
    throw malformed('no <xml> with elements inside');
  reader.end();
  return root.content;
}

class XmlReader {
  readonly #text: string;
  #at = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  element(depth: number): { readonly name: string; readonly content: Content } {
    this.#elements += 1;
    if (depth > MAX_DEPTH || this.#elements > MAX_ELEMENTS) throw malformed('too many XML elements');
    const [, name, empty] = this.#take(/<([A-Za-z_][\w.-]{0,63})(\/?)>/y) ?? [];
    if (name === undefined) throw malformed('an XML element without a plain start');
    if (empty === '/') return { name, content: '' };
    const content = this.#content(depth);
    if (!this.#takeText(`</${name}>`)) throw malformed('an XML element without its end');
    return { name, content };
  }

  end(): void {
    if (this.#at !== this.#text.length) throw malformed('something after the XML');
  }

  #content(depth: number): Content {
    let text = '';
    const children: [string, PushValue][] = [];
    for (;;) {
      if (this.#takeText('<![CDATA[')) text += this.#takeUntil(']]>');
      else if (this.#sees('</')) break;
      else if (this.#sees('<')) {
        const { name, content } = this.element(depth + 1);
        children.push([name, content]);
      } else text += this.#plainText();
    }
    if (children.length === 0) return text;
    if (text.trim() !== '') throw malformed('text between XML elements');
    return grouped(children);
  }

  #plainText(): string {
    const [raw = ''] = this.#take(/[^<]+/y) ?? [];
    if (raw === '') throw malformed('XML that ends too early');
    return raw.replace(/&([^;&]{0,8};?)/g, (_, name: string) => {
      const character = name.endsWith(';') ? ENTITIES[name.slice(0, -1)] : undefined;
      if (character === undefined) throw malformed('an XML entity that is none of the five');
      return character;
    });
  }

  #takeUntil(end: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw malformed('CDATA without its end');
    const taken = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    return taken;
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #takeText(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

function grouped(children: readonly [string, PushValue][]): { readonly [name: string]: PushValue } {
  const byName = Map.groupBy(children, ([name]) => name);
  return Object.fromEntries(
    [...byName].map(([name, same]) => {
      const [first = '', ...more] = same.map(([, value]) => value);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
