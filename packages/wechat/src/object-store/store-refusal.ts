import { type Bytes, type CodedError, KiB } from '@maque/kit';
import { objectStoreErrors } from './object-store-errors.ts';

/** Errors of the three have some 500 bytes; a signature's has the request that was signed in it too. */
const MAX_ANSWER: Bytes = 16 * KiB;

/** The code that an error in XML names; undefined in what is no error. */
export function errorCodeIn(xml: string): string | undefined {
  return /<Error>[\s\S]*?<Code>([A-Za-z0-9._-]{1,64})<\/Code>/.exec(xml)?.[1];
}

/** The first 16 KiB of an answer; the rest is not fetched. */
export async function readText(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER) break;
  }
  return text.slice(0, MAX_ANSWER);
}

/** What an answer that is no success stands for. Only the code and the request's id of it are told: the rest may quote us. */
export function refusalOf(response: Response, xml: string, bucket: string): CodedError {
  const { status: httpStatus, headers } = response;
  const storeCode = errorCodeIn(xml) ?? 'no code';
  const requestId =
    ['x-cos-request-id', 'x-oss-request-id', 'x-amz-request-id']
      .map((name) => headers.get(name))
      .find((id) => id !== null && /^[\w-]{1,64}$/.test(id)) ?? 'unknown';
  const data = { httpStatus, storeCode, requestId };
  if (storeCode === 'NoSuchBucket') return objectStoreErrors.STORE_BUCKET_MISSING({ data: { bucket } });
  // Ours are signed the moment they are sent. COS has no code of its own for those that come late.
  if (storeCode === 'RequestTimeTooSkewed' || xml.includes('Request has expired'))
    return objectStoreErrors.STORE_CLOCK_SKEWED({ data });
  if (httpStatus === 403 || httpStatus === 401) return objectStoreErrors.STORE_DENIED({ data });
  if (httpStatus === 429 || httpStatus >= 500) return objectStoreErrors.STORE_BUSY({ data });
  return objectStoreErrors.STORE_REFUSED({ data });
}

/** Why there is no answer: a code such as ECONNREFUSED, never the error itself, since some of fetch's quote the address. */
export function unreachable(error: unknown): CodedError {
  for (const candidate of [error instanceof Error ? error.cause : undefined, error]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') {
      return objectStoreErrors.STORE_UNREACHABLE({ data: { reason: candidate.code } });
    }
  }
  const reason = error instanceof Error ? error.name : 'unknown';
  return objectStoreErrors.STORE_UNREACHABLE({ data: { reason } });
}
