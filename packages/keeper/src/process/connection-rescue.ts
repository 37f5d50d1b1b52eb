import type { ChildProcess } from 'node:child_process';

interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly key?: unknown;
  readonly seq?: number;
  readonly ack?: number;
  accepted?: boolean;
}

type AnySend = (message: ClusterMessage, ...rest: unknown[]) => boolean;

/**
 * Saves connections that a worker was sent but never took. node:cluster hands a connection over and keeps its own copy
 * until the worker answers; when the worker dies first, nobody ever closes the copy, so the client waits for its own
 * timeout and the keeper loses a descriptor (Node 26, tried with SIGSTOP and SIGKILL). The answer that the dead worker
 * owes is given here in its place: "not accepted", upon which node:cluster gives the connection to another worker.
 * When nobody else listens there, "accepted", upon which it closes the copy; a living worker's "not accepted" is turned
 * into that too, for node:cluster would put the connection into a queue that nobody reads any more.
 */
export class ConnectionRescue {
  /** For each address (node:cluster's key) the workers that listen on it. */
  readonly #holders = new Map<string, Set<ChildProcess>>();

  /** Watches a worker's channel. `onRescue` is told how many connections were saved when it ends. */
  watch(child: ChildProcess, onRescue: (connections: number) => void): void {
    const owed = new Map<number, string>();
    const send = child.send.bind(child) as AnySend;
    child.send = ((message: ClusterMessage, ...rest: unknown[]) => {
      if (message.cmd === 'NODE_CLUSTER' && typeof message.key === 'string' && message.seq !== undefined) {
        if (message.act === 'newconn') owed.set(message.seq, message.key);
        else if (message.ack !== undefined) this.#listens(message.key, child);
      }
      return send(message, ...rest);
    }) as ChildProcess['send'];
    // Before node:cluster itself hears it.
    child.prependListener('internalMessage', (message: ClusterMessage) => {
      if (message.cmd !== 'NODE_CLUSTER') return;
      if (message.ack !== undefined) {
        const key = owed.get(message.ack);
        owed.delete(message.ack);
        if (key !== undefined && !this.#holders.has(key)) message.accepted = true;
      }
      if (message.act === 'close' && typeof message.key === 'string') this.#left(message.key, child);
    });
    ensureDisconnect(child);
    // Its channel has ended, so everything that the worker ever answered has been read.
    child.once('disconnect', () => {
      for (const key of [...this.#holders.keys()]) this.#left(key, child);
      onRescue(this.#answerFor(child, owed));
    });
  }

  /** The workers that listen on an address. */
  protected listenersOf(key: string): ReadonlySet<ChildProcess> {
    return this.#holders.get(key) ?? new Set();
  }

  #answerFor(child: ChildProcess, owed: ReadonlyMap<number, string>): number {
    let rescued = 0;
    for (const [seq, key] of [...owed]) {
      const accepted = !this.#holders.has(key);
      if (!accepted) rescued += 1;
      child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted });
    }
    return rescued;
  }

  #listens(key: string, child: ChildProcess): void {
    const holders = this.#holders.get(key) ?? new Set();
    this.#holders.set(key, holders.add(child));
  }

  #left(key: string, child: ChildProcess): void {
    const holders = this.#holders.get(key);
    holders?.delete(child);
    if (holders?.size === 0) this.#holders.delete(key);
  }
}

// How long a dead process's channel may take to be read to its end; it is the next turn of the event loop.
const CHANNEL_END_MS = 1_000;

/**
 * Node forgets to emit `disconnect` for a child that dies with a handle on its way to it: `child.disconnect()` waits for
 * an acknowledgement that never comes. node:cluster forgets the worker's addresses only then.
 */
function ensureDisconnect(child: ChildProcess): void {
  let hasDisconnected = false;
  child.once('disconnect', () => {
    hasDisconnected = true;
  });
  child.once('exit', () => {
    const exitedMs = performance.now();
    const look = () => {
      if (hasDisconnected) return;
      if (child.connected && performance.now() - exitedMs < CHANNEL_END_MS) setImmediate(look);
      else child.emit('disconnect');
    };
    setImmediate(look);
  });
}
