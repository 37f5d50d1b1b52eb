// What Engine.IO (the transport of Socket.IO) says on the wire, version 3 and 4: a session begins with a request without
// `sid`, whose answer names it (`0{"sid":"lv_VI97HAXpY6yYWAAAC",…}`), and every later request carries it in its query.
const SID = '[\\w-]{1,128}';
const IN_REQUEST_LINE = new RegExp(`^[A-Z]+ [^ ]*[?&]sid=(${SID})(?:&| )`);
// The backslashes are those of JSONP, where the answer is a string in a script.
const IN_ANSWER = new RegExp(`"sid\\\\?":\\\\?"(${SID})\\\\?"`);
const ENGINE_IO = /[?&]EIO=\d/;
const KNOWN_SESSION = /[?&]sid=/;

/** A request line ends within this, or it is none that names a session. */
export const REQUEST_LINE_LIMIT = 8 * 1024;

const LINE_FEED = 0x0a;
const LETTERS = { first: 0x41, last: 0x5a };

/** Whether the first bytes of a connection are enough to tell where it belongs. */
export function isRequestLineComplete(bytes: Uint8Array): boolean {
  const [first = LETTERS.first] = bytes;
  // Methods are capital letters; what begins otherwise is TLS, or no HTTP.
  const isHttp = first >= LETTERS.first && first <= LETTERS.last;
  return !isHttp || bytes.length >= REQUEST_LINE_LIMIT || bytes.includes(LINE_FEED);
}

/** The session that the first request of a connection belongs to; null when it names none. */
export function sessionOfRequest(bytes: Uint8Array): string | null {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, REQUEST_LINE_LIMIT));
  return IN_REQUEST_LINE.exec(line.toString('latin1'))?.[1] ?? null;
}

/** Whether a request begins a session. */
export function beginsSession(url: string): boolean {
  return ENGINE_IO.test(url) && !KNOWN_SESSION.test(url);
}

/** The session that an answer to such a request names; null when it names none. */
export function sessionOfAnswer(chunk: unknown): string | null {
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return null;
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
  return IN_ANSWER.exec(text)?.[1] ?? null;
}
