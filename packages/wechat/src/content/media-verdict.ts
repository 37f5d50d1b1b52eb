import { toNumber, toRecord, toText } from '../http/read-fields.ts';
import type { PushMessage } from '../push/push-message.ts';
import type { TextVerdict } from './content-types.ts';

/** What came of checking an image or a sound. */
export type MediaVerdict =
  | {
      readonly status: 'checked';
      readonly traceId: string;
      readonly suggest: 'pass' | 'review' | 'risky';
      /** WeChat's number of the kind: 100 is normal. */
      readonly label: number;
    }
  /** It was not checked, and nobody knows what it shows: WeChat could not download it, or failed otherwise. */
  | {
      readonly status: 'failed';
      readonly traceId: string;
      readonly reason: 'not-downloadable' | 'other';
      readonly errcode: number;
    };

// On the page of mediaCheckAsync: WeChat could not download the file.
const DOWNLOAD_FAILED = -1008;

/** Reads a pushed message as the result of a media check; null when it is none. */
export function readMediaVerdict({ event, fields }: PushMessage): MediaVerdict | null {
  if (event !== 'wxa_media_check') return null;
  const traceId = toText(fields.trace_id);
  const errcode = toNumber(fields.errcode) ?? 0;
  const result = toRecord(fields.result);
  if (errcode !== 0 || typeof result.suggest !== 'string') {
    return {
      status: 'failed',
      traceId,
      reason: errcode === DOWNLOAD_FAILED ? 'not-downloadable' : 'other',
      errcode,
    };
  }
  const label = toNumber(result.label) ?? 0;
  return { status: 'checked', traceId, suggest: readSuggestion(result.suggest), label };
}

/** A word that we do not know is for a person to look at: never a pass. */
export function readSuggestion(suggest: unknown): TextVerdict['suggest'] {
  return suggest === 'pass' || suggest === 'risky' ? suggest : 'review';
}
