import type { CodedError } from '@maque/kit';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';
import { errorBody, languageOf } from './wire-error.ts';

/** Refuses a request before or beside its route, and ends its connection. Nothing must have been sent of an answer. */
export function answerOutright(request: TrackedRequest, response: TrackedResponse, error: CodedError): void {
  const body = JSON.stringify(errorBody(error, languageOf(request), request.id));
  // What was set for another answer, such as a tag, is not about this one.
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.shouldKeepAlive = false;
  response.writeHead(error.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  });
  response.end(body);
}
