import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, KiB, type Milliseconds, SECOND } from '@maque/kit';

/** Who sends files, and where to. */
export interface FileClient {
  readonly url: string;
  readonly token: string;
}

/** A file as it was sent. */
export interface SentFile {
  readonly url: string;
  readonly sha256: string;
  /** How often the server asked to come back later. */
  readonly refusals: number;
}

const BOUNDARY = 'maque-bench-files';
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n`;
const TAIL = `\r\n--${BOUNDARY}--\r\n`;
/** ISO/IEC 14496-12 §4.3: the first box of an MP4, so that it is taken for one. */
const MP4_HEAD = Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex');
/** What a socket takes at once; every chunk of a file is this one, which costs the sender nothing. */
const CHUNK = Buffer.concat([MP4_HEAD, randomBytes(64 * KiB - MP4_HEAD.length)]);
/** A server that is full says when to come back; one that is always full is broken. */
const GIVE_UP_AFTER = 600;
const MAX_PAUSE: Milliseconds = SECOND;

/** Sends a file of so many bytes, again when the server has no room for it. @throws Error for any other refusal. */
export async function sendFile(client: FileClient, bytes: Bytes): Promise<SentFile> {
  for (let refusals = 0; refusals < GIVE_UP_AFTER; refusals += 1) {
    const { status, text, sha256 } = await attempt(client, bytes);
    if (status === 201) return { url: (JSON.parse(text) as { url: string }).url, sha256, refusals };
    if (status !== 503) throw new Error(`an upload was answered ${status}: ${text.slice(0, 300)}`);
    await sleep(MAX_PAUSE * (0.5 + Math.random() / 2));
  }
  throw new Error(`an upload was refused ${GIVE_UP_AFTER} times`);
}

async function attempt(
  { url, token }: FileClient,
  bytes: Bytes,
): Promise<{ status: number; text: string; sha256: string }> {
  const outgoing = request(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': HEAD.length + bytes + TAIL.length,
    },
  });
  let isAnswered = false;
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    // Who has no room says so and hangs up in the midst of it.
    outgoing.once('response', resolve).on('error', reject);
  }).finally(() => {
    isAnswered = true;
  });
  const hash = createHash('sha256');
  outgoing.write(HEAD);
  for (let sent = 0; sent < bytes && !isAnswered; sent += CHUNK.length) {
    const chunk = CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent));
    hash.update(chunk);
    if (!outgoing.write(chunk)) await Promise.race([once(outgoing, 'drain'), answered]);
  }
  if (!isAnswered) outgoing.end(TAIL);
  const incoming = await answered;
  const text = Buffer.concat(await incoming.toArray()).toString('utf8');
  outgoing.destroy();
  return { status: incoming.statusCode ?? 0, text, sha256: hash.digest('hex') };
}

/** Loads a file, again when the server has no room for it. @throws Error when it is not what was sent. */
export async function loadFile(
  { url }: Pick<FileClient, 'url'>,
  file: SentFile,
): Promise<{ refusals: number }> {
  for (let refusals = 0; refusals < GIVE_UP_AFTER; refusals += 1) {
    const answer = await fetch(url + file.url);
    if (answer.status === 503) {
      await answer.arrayBuffer();
      await sleep(MAX_PAUSE * (0.5 + Math.random() / 2));
      continue;
    }
    if (!answer.ok || answer.body === null) throw new Error(`a download was answered ${answer.status}`);
    const hash = createHash('sha256');
    for await (const chunk of answer.body) hash.update(chunk);
    if (hash.digest('hex') !== file.sha256) throw new Error('a file came back as another');
    return { refusals };
  }
  throw new Error(`a download was refused ${GIVE_UP_AFTER} times`);
}
