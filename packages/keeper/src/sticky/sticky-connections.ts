import type { ChildProcess } from 'node:child_process';
import { MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import { ConnectionRescue } from '../process/connection-rescue.ts';
import { type ConnectionHandle, readFirstBytes } from './first-bytes.ts';
import { isRequestLineComplete, sessionOfRequest } from './session-id.ts';
import { readSession } from './session-message.ts';

interface NewConnection {
  readonly cmd: 'NODE_CLUSTER';
  readonly act: 'newconn';
  readonly key: string;
  readonly seq: number;
  /** What has been read of it, in base64. */
  readonly head?: string;
}

type Send = (message: unknown, handle?: unknown, ...rest: unknown[]) => boolean;

// An entry is some 150 bytes: 3 MiB at most of the keeper's 50. Sessions on WebSockets need none after they began.
const MAX_SESSIONS = 20_000;

// Connections that are looked at, each with a descriptor and some 3 KiB; further ones go to whose turn it is.
const MAX_LOOKING = 1_000;

// As long as Node itself waits for the head of a request; after that it is the worker's to wait or close.
const FIRST_BYTES_MS: Milliseconds = MINUTE;

/**
 * Gives connections whose first request names a session of Socket.IO to the worker that has begun it, and all others to
 * whose turn it is. The keeper reads the first bytes, and sends them along with the connection; node:cluster is told at
 * once that the connection was taken, so that one that says nothing holds up no other.
 */
export class StickyConnections extends ConnectionRescue {
  readonly #owners = new RecentMap<string, ChildProcess>(MAX_SESSIONS);
  readonly #senders = new WeakMap<ChildProcess, Send>();
  readonly #unanswered = new Map<number, (accepted: boolean) => void>();
  #looking = 0;
  /** Counts down from -1: node:cluster's own numbers go up from 0. */
  #seq = 0;

  override watch(child: ChildProcess, onRescue: (connections: number) => void): void {
    super.watch(child, onRescue);
    const send = child.send.bind(child) as Send;
    this.#senders.set(child, send);
    child.send = ((message: unknown, handle?: unknown, ...rest: unknown[]) => {
      if (!isNewConnection(message) || !isHandle(handle) || this.#looking >= MAX_LOOKING) {
        return send(message, handle, ...rest);
      }
      void this.#place(child, message, handle);
      return true;
    }) as ChildProcess['send'];
    child.on('internalMessage', ({ ack, accepted }: { ack?: number; accepted?: boolean }) => {
      if (ack === undefined) return;
      this.#unanswered.get(ack)?.(accepted === true);
      this.#unanswered.delete(ack);
    });
    child.on('message', (raw) => {
      const session = readSession(raw);
      if (session !== undefined) this.#owners.set(session, child);
    });
  }

  async #place(chosen: ChildProcess, { key, seq }: NewConnection, handle: ConnectionHandle): Promise<void> {
    takeFromCluster(chosen, seq, handle);
    this.#looking += 1;
    const head = await readFirstBytes(handle, isRequestLineComplete, FIRST_BYTES_MS);
    this.#looking -= 1;
    if (head === null) return;
    const session = sessionOfRequest(head);
    const owner = session === null ? undefined : this.#owners.get(session);
    const listening = this.listenersOf(key);
    const inTurn = new Set([...(owner === undefined ? [] : [owner]), chosen, ...listening]);
    for (const child of inTurn) {
      if (listening.has(child) && child.connected && (await this.#give(child, key, handle, head))) break;
    }
    handle.close();
  }

  /** Hands a connection over as node:cluster does; false when the worker did not take it. */
  #give(child: ChildProcess, key: string, handle: ConnectionHandle, head: Buffer): Promise<boolean> {
    this.#seq -= 1;
    const message: NewConnection = {
      cmd: 'NODE_CLUSTER',
      act: 'newconn',
      key,
      seq: this.#seq,
      head: head.toString('base64'),
    };
    return new Promise((resolve) => {
      this.#unanswered.set(message.seq, resolve);
      this.#senders.get(child)?.(message, handle);
    });
  }
}

/** Tells node:cluster that the connection was taken, upon which it would close its copy: the one that is needed here. */
function takeFromCluster(chosen: ChildProcess, seq: number, handle: ConnectionHandle): void {
  handle.close = () => {};
  process.nextTick(() => {
    chosen.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted: true });
    Reflect.deleteProperty(handle, 'close');
  });
}

function isNewConnection(message: unknown): message is NewConnection {
  const { cmd, act } = message as Partial<NewConnection>;
  return cmd === 'NODE_CLUSTER' && act === 'newconn';
}

function isHandle(handle: unknown): handle is ConnectionHandle {
  return typeof handle === 'object' && handle !== null && 'readStop' in handle;
}
