/**
 * What keeper and worker say to each other over node:cluster's IPC channel. Each message carries the version, so that a
 * worker of new code under a keeper of old code (or the other way round) is understood or ignored, never misread.
 */
export const PROTOCOL_VERSION = 1;

/** Bytes of one bus message: a notice, not a transport; the same limit as the server's message-bus port. */
export const BUS_MESSAGE_LIMIT = 64 * 1024;

/** Bytes of one worker's metrics text. 400 routes with 12 histogram buckets each are about 350 KiB. */
export const METRICS_TEXT_LIMIT = 512 * 1024;

const NAME_LIMIT = 200;
const TEXT_LIMIT = 4_000;
// It is kept with the event: an address or two, a version.
const INFO_LIMIT = 4_000;
// A route, a place in the code, a dozen lines of text in two languages.
const AUTOPSY_LIMIT = 16_000;
const REASONS_LIMIT = 8;

export type WorkerMessage =
  | { readonly type: 'ready'; readonly info: Readonly<Record<string, unknown>> }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  /** Something that an operator has to see to, though this worker serves on. */
  | { readonly type: 'attention'; readonly code: string; readonly message: string }
  | { readonly type: 'status'; readonly status: unknown }
  | { readonly type: 'bus'; readonly channel: string; readonly body: string }
  | { readonly type: 'metrics'; readonly id: number; readonly text: string }
  | { readonly type: 'drained'; readonly requestsCut: number }
  | { readonly type: 'replace-me'; readonly reason: string }
  /** Why it does not answer a request of its own; null when it does. */
  | { readonly type: 'probed'; readonly failure: string | null }
  /** What it found when it examined itself, its last request done; to be read as what a stranger says. */
  | { readonly type: 'autopsy'; readonly summary: unknown }
  | { readonly type: 'snapshot'; readonly id: number; readonly answer: SnapshotAnswer };

export type KeeperMessage =
  | {
      readonly type: 'drain';
      readonly reason: string;
      /** How long idle keep-alive connections are left alone, and how long all may take, from now on. */
      readonly idleGraceMs: number;
      readonly timeoutMs: number;
      /** Over how long the ends of WebSockets and event streams are spread; the idle grace unless told. */
      readonly spreadMs?: number | undefined;
      /** Whether it examines itself for a leak after its last request. */
      readonly autopsy: boolean;
    }
  | { readonly type: 'bus'; readonly channel: string; readonly body: string }
  | { readonly type: 'ask-metrics'; readonly id: number }
  /** Asks it to send a request to itself; without a path any answer will do. */
  | { readonly type: 'probe'; readonly path: string | null }
  /** How the box is, as the keeper sees it. */
  | { readonly type: 'pressure'; readonly level: PressureLevel; readonly reasons: readonly string[] }
  /** Asks for a heap snapshot in this folder. */
  | { readonly type: 'ask-snapshot'; readonly id: number; readonly folder: string };

export type PressureLevel = 'none' | 'elevated' | 'critical';

/** What became of a snapshot that was asked for. */
export type SnapshotAnswer =
  | { readonly outcome: 'written'; readonly path: string; readonly bytes: number }
  | { readonly outcome: 'refused' | 'failed'; readonly reason: string };

/** Cuts what a worker says of a failure or a matter to what the keeper accepts. */
export function cutFailure({ code, message }: { readonly code: string; readonly message: string }) {
  return { code: code.slice(0, NAME_LIMIT), message: message.slice(0, TEXT_LIMIT) };
}

/** Cuts what a worker says of a snapshot to what the keeper accepts. */
export function cutAnswer(answer: SnapshotAnswer): SnapshotAnswer {
  return answer.outcome === 'written' ? answer : { ...answer, reason: answer.reason.slice(0, TEXT_LIMIT) };
}

/** Puts the version on a message. */
export function wrap<Message extends WorkerMessage | KeeperMessage>(
  message: Message,
): Message & { maque: number } {
  return { maque: PROTOCOL_VERSION, ...message };
}

/** Reads what a worker sent; undefined for anything that is not a message of this version. */
export function readWorkerMessage(raw: unknown): WorkerMessage | undefined {
  const message = open(raw);
  switch (message?.type) {
    case 'ready':
      return { type: 'ready', info: readInfo(message.info) };
    case 'failed':
    case 'attention':
      return isText(message.code, NAME_LIMIT) && isText(message.message, TEXT_LIMIT)
        ? { type: message.type, code: message.code, message: message.message }
        : undefined;
    case 'status':
      return { type: 'status', status: message.status };
    case 'bus':
      return readBus(message);
    case 'metrics':
      return isCount(message.id) && isText(message.text, METRICS_TEXT_LIMIT)
        ? { type: 'metrics', id: message.id, text: message.text }
        : undefined;
    case 'drained':
      return isCount(message.requestsCut) ? { type: 'drained', requestsCut: message.requestsCut } : undefined;
    case 'replace-me':
      return isText(message.reason, NAME_LIMIT) ? { type: 'replace-me', reason: message.reason } : undefined;
    case 'probed':
      return message.failure === null || isText(message.failure, TEXT_LIMIT)
        ? { type: 'probed', failure: message.failure }
        : undefined;
    case 'autopsy':
      return isSmall(message.summary, AUTOPSY_LIMIT)
        ? { type: 'autopsy', summary: message.summary }
        : undefined;
    case 'snapshot':
      return readSnapshot(message);
  }
  return undefined;
}

/** Reads what the keeper sent; undefined for anything that is not a message of this version. */
export function readKeeperMessage(raw: unknown): KeeperMessage | undefined {
  const message = open(raw);
  switch (message?.type) {
    case 'drain':
      return isText(message.reason, NAME_LIMIT) && isCount(message.idleGraceMs) && isCount(message.timeoutMs)
        ? {
            type: 'drain',
            reason: message.reason,
            idleGraceMs: message.idleGraceMs,
            timeoutMs: message.timeoutMs,
            spreadMs: isCount(message.spreadMs) ? message.spreadMs : undefined,
            autopsy: message.autopsy === true,
          }
        : undefined;
    case 'bus':
      return readBus(message);
    case 'ask-metrics':
      return isCount(message.id) ? { type: 'ask-metrics', id: message.id } : undefined;
    case 'probe':
      return message.path === null || isText(message.path, TEXT_LIMIT)
        ? { type: 'probe', path: message.path }
        : undefined;
    case 'pressure':
      return isPressureLevel(message.level)
        ? { type: 'pressure', level: message.level, reasons: readReasons(message.reasons) }
        : undefined;
    case 'ask-snapshot':
      return isCount(message.id) && isText(message.folder, TEXT_LIMIT)
        ? { type: 'ask-snapshot', id: message.id, folder: message.folder }
        : undefined;
  }
  return undefined;
}

function readSnapshot({ id, answer }: Record<string, unknown>): WorkerMessage | undefined {
  if (!isCount(id) || !isRecord(answer)) return undefined;
  const { outcome, path, bytes, reason } = answer;
  if (outcome === 'written' && isText(path, TEXT_LIMIT) && isCount(bytes)) {
    return { type: 'snapshot', id, answer: { outcome, path, bytes } };
  }
  if ((outcome === 'refused' || outcome === 'failed') && isText(reason, TEXT_LIMIT)) {
    return { type: 'snapshot', id, answer: { outcome, reason } };
  }
  return undefined;
}

function readReasons(reasons: unknown): readonly string[] {
  if (!Array.isArray(reasons)) return [];
  return reasons.slice(0, REASONS_LIMIT).filter((reason) => isText(reason, NAME_LIMIT));
}

function isPressureLevel(value: unknown): value is PressureLevel {
  return value === 'none' || value === 'elevated' || value === 'critical';
}

function isSmall(value: unknown, maxLength: number): boolean {
  return isRecord(value) && JSON.stringify(value).length <= maxLength;
}

function readInfo(info: unknown): Readonly<Record<string, unknown>> {
  return isRecord(info) && isSmall(info, INFO_LIMIT) ? info : {};
}

function readBus({
  channel,
  body,
}: Record<string, unknown>): Extract<KeeperMessage, { type: 'bus' }> | undefined {
  if (!isText(channel, NAME_LIMIT) || typeof body !== 'string') return undefined;
  return Buffer.byteLength(body) <= BUS_MESSAGE_LIMIT ? { type: 'bus', channel, body } : undefined;
}

function open(raw: unknown): Record<string, unknown> | undefined {
  return isRecord(raw) && raw.maque === PROTOCOL_VERSION ? raw : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
