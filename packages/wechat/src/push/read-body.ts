import { readJson } from './json-reader.ts';
import { malformed } from './push-errors.ts';
import type { PushFields, PushFormat } from './push-message.ts';
import { readXml } from './xml-reader.ts';

/** The bytes as UTF-8, which is all that WeChat sends. @throws CodedError `WECHAT_PUSH_MALFORMED` */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('no UTF-8');
  }
}

/** Reads a body by its content: headers are not signed. @throws CodedError `WECHAT_PUSH_MALFORMED` */
export function readBody(text: string): { readonly format: PushFormat; readonly fields: PushFields } {
  const [first] = text.trimStart();
  if (first === '{') return { format: 'json', fields: readJson(text) };
  if (first === '<') return { format: 'xml', fields: readXml(text) };
  throw malformed('neither JSON nor XML');
}
