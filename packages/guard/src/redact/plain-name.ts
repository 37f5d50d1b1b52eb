import { looksLikeData } from './data-like-name.ts';
import { isMadeOfCommonWords } from './name-words.ts';
import { isScriptName, plainScriptName } from './script-name.ts';
import { Use } from './string-uses.ts';

// V8 calls nodes so whatever they hold.
const V8_NAMES: ReadonlySet<string> = new Set([
  '',
  '<dummy>',
  'heap number',
  'smi number',
  'bigint',
  'symbol',
  'private symbol',
  'native_bind',
  '(concatenated string)',
  '(sliced string)',
]);

// `system / Map (ConsOneByteString)`
const SYSTEM = /^system \/ [A-Z]\w{0,60}( \(\w{1,60}\))?$/;

// `(constant pool)`, `(instruction stream for readFile)`, `(code for readFile)`
const IN_BRACKETS = /^\((?:(?<what>instruction stream|code) for (?<code>.*)|[\w +*/-]{1,100})\)$/s;

// `Node / std::basic_string`, `C++ Persistent roots`, `name_or_scope_info`
const NATIVE = /^[\w /:<>()*.,+#-]{1,120}$/;

// The name of a class, a function or a property: `get size`, `#secret`, `Foo.bar`, `x-request-id`, `[Symbol.iterator]`.
const NAME = /^(?:(?:get|set|static|bound|async) )*@{0,2}[\w$#.:<>[\]-]{0,80}$/;

// Words may stand apart: `Map Iterator`, `global (global*)`.
const WORDS = /^@{0,2}[\w$#.:()* -]{0,80}$/;

const SYMBOL = /^<symbol ?(.*)>$/s;

// DevTools and memlab read the parts of this one, so it keeps its form.
const PAIR =
  /^(?<slot>\d{1,10} \/ part of key \()(?<key>.*)(?<middle> @\d{1,10}\) -> value \()(?<value>.*)(?<table> @\d{1,10}\) pair in WeakMap \(table @\d{1,10}\))$/s;

// A pair quotes two strings, which V8 cuts at 1,024 letters each.
const LONGEST = 2_400;

const HIDDEN = '<hidden>';

/**
 * What a name may be shown as: itself, or, where only a piece of it may be somebody's, the rest. Null when nothing may be.
 * @param uses - of {@link Use}.
 * @param isInCode - whether code in the snapshot says the name.
 */
export function plainName(name: string, uses: number, isInCode: boolean): string | null {
  if (V8_NAMES.has(name)) return name;
  if (name.length > LONGEST) return null;
  if ((uses & Use.internal) !== 0) {
    const plain = internalName(name);
    if (plain !== null) return plain;
  }
  if ((uses & Use.code) !== 0) {
    const plain = codeName(name);
    if (plain !== null) return plain;
  }
  if ((uses & Use.object) !== 0 && isSystemName(name)) return name;
  const isSaid = isInCode || (uses & Use.variable) !== 0;
  return (uses & ~Use.data) !== 0 && isPlainProperty(name, isSaid) ? name : null;
}

function internalName(name: string): string | null {
  const pair = PAIR.exec(name)?.groups;
  if (pair !== undefined) {
    return `${pair.slot}${nodeName(pair.key)}${pair.middle}${nodeName(pair.value)}${pair.table}`;
  }
  return NATIVE.test(name) && !looksLikeData(name) ? name : bracketName(name);
}

/** What a node is called inside another's name, where nothing tells how else it is used. */
function nodeName(name = ''): string {
  return V8_NAMES.has(name) || isSystemName(name) || isPlainProperty(name, false) ? name : HIDDEN;
}

function codeName(name: string): string | null {
  if (isSystemName(name)) return name;
  if (IN_BRACKETS.test(name)) return bracketName(name);
  if (isScriptName(name)) return plainScriptName(name);
  return NAME.test(name) && !looksLikeData(name) ? name : null;
}

function bracketName(name: string): string | null {
  const match = IN_BRACKETS.exec(name);
  if (match === null) return null;
  const { what, code } = match.groups ?? {};
  if (code === undefined) return looksLikeData(name) ? null : name;
  return `(${what} for ${codeName(code) ?? HIDDEN})`;
}

function isSystemName(name: string): boolean {
  return SYSTEM.test(name) && !looksLikeData(name);
}

/** A property or a class: what code says, unless it looks like data all the same, or common words. */
function isPlainProperty(name: string, isSaid: boolean): boolean {
  if (name.startsWith('<symbol')) {
    const description = SYMBOL.exec(name)?.[1];
    return description !== undefined && isPlainProperty(description, false);
  }
  const property = /^[gs]et /.test(name) ? name.slice('get '.length) : name;
  if (isSaid && NAME.test(property)) return !looksLikeData(property);
  return WORDS.test(property) && isMadeOfCommonWords(property);
}
