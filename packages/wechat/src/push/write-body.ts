import type { PushFields, PushFormat } from './push-message.ts';
import { writeXml } from './xml-writer.ts';

const CONTENT_TYPES = { json: 'application/json; charset=utf-8', xml: 'text/xml; charset=utf-8' } as const;

/** Fields on their way to the other side. */
export interface WrittenBody {
  readonly contentType: string;
  readonly body: string;
}

export function writeBody(format: PushFormat, fields: PushFields): WrittenBody {
  return {
    contentType: CONTENT_TYPES[format],
    body: format === 'xml' ? writeXml(fields) : JSON.stringify(fields),
  };
}
