import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';

const EVENT_STREAM = 'text/event-stream';
const EVENT_STREAM_HEADER = /^content-type:[ \t]*text\/event-stream/im;

/** Headers as they went out; `getHeader` knows nothing of those that came with `writeHead` alone. */
interface SentHeader {
  readonly _header?: string | null;
}

/**
 * Whether an answer is a stream of server-sent events. Nothing else may be ended early: the client of an event stream
 * comes back by itself (HTML, 9.2.3), any other takes a proper end for the whole answer.
 */
export function isEventStream(response: ServerResponse): boolean {
  if (!response.headersSent) return false;
  const type = response.getHeader('content-type');
  if (type !== undefined) return String(type).toLowerCase().startsWith(EVENT_STREAM);
  return EVENT_STREAM_HEADER.test((response as SentHeader)._header ?? '');
}

/** The same for HTTP/2. */
export function isHttp2EventStream({ sentHeaders }: ServerHttp2Stream): boolean {
  return String(sentHeaders?.['content-type'] ?? '')
    .toLowerCase()
    .startsWith(EVENT_STREAM);
}

/** Ends it as if the app had. The app may write until it hears of that; then nobody is left to hear of the error. */
export function endEventStream(stream: ServerResponse | ServerHttp2Stream): void {
  if (stream.writableEnded) return;
  stream.on('error', () => {});
  stream.end();
}
