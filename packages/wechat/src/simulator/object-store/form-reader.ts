import { type Bytes, KiB } from '@maque/kit';
import { StoreRefusal } from './store-refusal.ts';

/** A form up to its file. */
export interface ArrivingForm {
  /** Names in lower case. */
  readonly fields: Readonly<Record<string, string>>;
  readonly fileName: string;
  /** The file's bytes as they arrive; to be read once. What follows it is not read. */
  readonly file: AsyncIterable<Buffer>;
}

const MAX_FIELDS = 64;
/** Stores take 20 KB for all fields of a form together. */
const MAX_FIELD: Bytes = 20 * KiB;
const MAX_HEADERS: Bytes = 8 * KiB;

/** Reads multipart/form-data: the fields, which come first, and then the file as a stream. @throws StoreRefusal */
export async function readForm(
  contentType: string | undefined,
  body: AsyncIterable<Buffer>,
): Promise<ArrivingForm> {
  const boundary = /^multipart\/form-data\s*;.*boundary="?([^";]{1,70})"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw malformed('The body must be multipart/form-data.');
  const bytes = new ArrivingBytes(body);
  const fields: Record<string, string> = {};
  await bytes.until(`--${boundary}`, MAX_HEADERS);
  for (let parts = 0; parts <= MAX_FIELDS; parts += 1) {
    const head = (await bytes.until('\r\n\r\n', MAX_HEADERS)).toString('utf8');
    const name = /[; ]name="([^"]*)"/i.exec(head)?.[1]?.toLowerCase();
    if (name === undefined) throw malformed('There is no file in the form.');
    if (name === 'file') {
      const fileName = /[; ]filename="([^"]*)"/i.exec(head)?.[1] ?? '';
      return { fields, fileName, file: bytes.streamUntil(`\r\n--${boundary}`) };
    }
    fields[name] = (await bytes.until(`\r\n--${boundary}`, MAX_FIELD)).toString('utf8');
  }
  throw malformed('There are too many fields in the form.');
}

/** A stream that is read up to marks in it. */
class ArrivingBytes {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Buffer>) {
    this.#source = body[Symbol.asyncIterator]();
  }

  /** All before the mark, which is taken too. */
  async until(mark: string, maxBytes: Bytes): Promise<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) return this.#take(at, mark.length);
      if (this.#held.length > maxBytes) throw malformed('A part of the form is too long.');
      await this.#pull();
    }
  }

  async *streamUntil(mark: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) {
        yield this.#take(at, mark.length);
        return;
      }
      // The mark may have begun at the end of what is here.
      const sure = this.#held.length - mark.length;
      if (sure > 0) yield this.#take(sure, 0);
      await this.#pull();
    }
  }

  #take(bytes: Bytes, markBytes: Bytes): Buffer {
    const taken = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes + markBytes);
    return taken;
  }

  async #pull(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw malformed('The form has no end.');
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
  }
}

function malformed(message: string): StoreRefusal {
  return new StoreRefusal(400, 'MalformedPOSTRequest', message);
}
