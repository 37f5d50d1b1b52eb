/** One HTTP/1.1 answer as it came over the wire. `body` is a view that is only valid until the reader reads on. */
export interface Answer {
  readonly status: number;
  /** The header block, without the status line's ending and the empty line. */
  readonly head: string;
  readonly body: Buffer;
}

/** More than this without a whole answer is not an answer of the shop: its largest page is under 64 KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into answers. It knows just enough HTTP for servers that state a Content-Length, so that the
 * generator stays cheap beside the server it loads.
 */
export class AnswerReader {
  #rest: Buffer = EMPTY;

  /**
   * Takes the next bytes and calls back for every answer that is complete.
   * @throws Error when the bytes are not such an answer; the connection is useless from then on.
   */
  read(chunk: Buffer, onAnswer: (answer: Answer) => void): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (start < data.length) {
      const headEnd = data.indexOf(HEAD_END, start);
      if (headEnd === -1) break;
      const head = data.toString('latin1', start, headEnd);
      const status = statusOf(head);
      const bodyStart = headEnd + HEAD_END.length;
      const bodyEnd = bodyStart + bodyLength(head);
      if (bodyEnd > data.length) break;
      start = bodyEnd;
      onAnswer({ status, head, body: data.subarray(bodyStart, bodyEnd) });
    }
    if (data.length - start > MAX_ANSWER_BYTES)
      throw new Error(`an answer exceeds ${MAX_ANSWER_BYTES} bytes`);
    // The chunk's memory is reused by the socket, so what is left of it must be copied.
    this.#rest = start === data.length ? EMPTY : Buffer.from(data.subarray(start));
  }
}

/** Whether the server says that it closes the connection after this answer. */
export function closesConnection(answer: Answer): boolean {
  return /\r\nconnection: *close/i.test(answer.head);
}

/** Seconds of the `Retry-After` header, undefined when there is none. */
export function retryAfterSeconds(answer: Answer): number | undefined {
  const match = /\r\nretry-after: *(\d+)/i.exec(answer.head);
  return match === null ? undefined : Number(match[1]);
}

function statusOf(head: string): number {
  if (!head.startsWith('HTTP/1.1 ')) throw new Error(`not an HTTP/1.1 answer: ${head.slice(0, 40)}`);
  return Number(head.slice(9, 12));
}

function bodyLength(head: string): number {
  const match = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (match === null) throw new Error(`an answer without Content-Length: ${head.slice(0, 40)}`);
  return Number(match[1]);
}
