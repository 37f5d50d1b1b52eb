import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Bytes } from '@maque/kit';
import { alertErrors } from './alert-errors.ts';

export interface PostAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The first 16 KiB. */
  readonly text: string;
}

// The bots answer in 100 bytes.
const MOST_ANSWER_BYTES: Bytes = 16 * 1024;

/**
 * Posts JSON and reads the answer, whatever its status. Redirects are not followed: none of the bots redirects, and a
 * secret in the address must not go elsewhere.
 * @throws CodedError ALERT_UNREACHABLE with the system's word for it, never with the address.
 */
export async function postJson(
  channel: string,
  url: URL,
  body: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<PostAnswer> {
  const options: RequestOptions = {
    method: 'POST',
    // A connection that is kept for the next alert is closed by the other side long before.
    agent: false,
    signal,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'maque-alert',
      ...headers,
    },
  };
  try {
    const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, options);
    return await exchange(request, body);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const reason = signal.aborted ? 'no answer in time' : (code ?? name);
    throw alertErrors.ALERT_UNREACHABLE({ data: { channel, reason } });
  }
}

function exchange(request: ClientRequest, body: string): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        const text = Buffer.concat(chunks).toString('utf8', 0, MOST_ANSWER_BYTES);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size < MOST_ANSWER_BYTES) return;
        finish();
        response.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    request.end(body);
  });
}
