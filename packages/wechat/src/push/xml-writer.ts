import type { PushFields, PushValue } from './push-message.ts';

/** Writes fields as WeChat does: text as CDATA, numbers bare, an array as elements of one name. */
export function writeXml(fields: PushFields): string {
  return `<xml>${children(fields)}</xml>`;
}

function children(fields: PushFields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => element(name, one)))
    .join('');
}

function element(name: string, value: PushValue): string {
  return `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: PushValue): string {
  if (typeof value === 'string') return cdata(value);
  if (Array.isArray(value)) throw new TypeError('an array inside an array has no form in XML');
  if (typeof value === 'object' && value !== null) return children(value as PushFields);
  return value === null ? '' : String(value);
}

function cdata(text: string): string {
  // The end of CDATA inside of it is told apart by a second section.
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
