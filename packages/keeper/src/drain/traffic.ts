import { subscribe } from 'node:diagnostics_channel';
import type { Server as HttpServer } from 'node:http';
import type { Http2Server } from 'node:http2';
import { Server } from 'node:net';
import type { Milliseconds } from '@maque/kit';
import { Http2Sessions } from './http2-sessions.ts';
import { OpenAnswers } from './open-answers.ts';
import { PlainConnections } from './plain-connections.ts';
import { UpgradedConnections } from './upgraded-connections.ts';

const LISTENING = 'tracing:net.server.listen:asyncEnd';

/** Tells of each server that begins to listen. */
export type ServerFeed = (found: (server: Server) => void) => void;

const EVERY_SERVER: ServerFeed = (found) =>
  subscribe(LISTENING, (message) => found((message as { readonly server: Server }).server));

/**
 * What the servers of this process are doing, whatever framework is on top: Node itself tells through
 * `node:diagnostics_channel` and the servers' own events, so nothing is patched.
 */
export class Traffic {
  readonly #servers = new Set<Server>();
  readonly #answers = new OpenAnswers();
  readonly #sessions = new Http2Sessions();
  readonly #upgraded = new UpgradedConnections();
  readonly #plain = new PlainConnections();
  #isLeaving = false;

  /** @param feed those of this process unless told. */
  constructor(feed: ServerFeed = EVERY_SERVER) {
    feed((server) => this.#listening(server));
  }

  /** HTTP/1 requests begun since the start. */
  get begun(): number {
    return this.#answers.begun;
  }

  /** Requests under way, and connections of which only the app knows whether something is under way on them. */
  get busy(): number {
    return this.#answers.size + this.#sessions.open + this.#connections;
  }

  /** Those that listen or still have connections. */
  get servers(): ReadonlySet<Server> {
    return this.#servers;
  }

  /**
   * Takes no more connections and lets every further answer say `Connection: close`. No connection is closed: a client
   * may be sending on an idle one at this moment. Connections that the keeper has sent and this process has not seen
   * yet go back to it, and to another worker.
   */
  leave(): void {
    this.#isLeaving = true;
    this.#answers.leave();
    this.#upgraded.leave();
    for (const server of this.#servers) stopListening(server);
  }

  /**
   * Closes, each at a moment of its own, what would never end by itself: WebSockets, event streams, HTTP/2's sessions.
   * @param progress how much of the time for it is over, 0 to 1.
   */
  sayGoodbye(progress: number, nowMs: Milliseconds): void {
    this.#answers.sayGoodbye(progress);
    this.#sessions.sayGoodbye(progress);
    this.#upgraded.sayGoodbye(progress, nowMs);
  }

  /**
   * Closes the connections that wait for a next request. One that is in the middle of a request stays. Node takes a
   * connection for idle as soon as its answer has been ended, sent or not (Node 24 and 26), so all have to wait for that.
   */
  closeIdle(): void {
    if (this.#answers.hasUnsent) return;
    for (const server of this.#servers) (server as Partial<HttpServer>).closeIdleConnections?.();
  }

  /** Ends what can be ended in good order; answers how much was under way, that and the rest. */
  cut(): number {
    return this.#answers.size + this.#sessions.streams + this.#upgraded.cut() + this.#plain.cut();
  }

  /** Whether what {@link cut} has ended is gone. */
  get isFlushed(): boolean {
    return this.#connections === 0;
  }

  get #connections(): number {
    return this.#upgraded.open + this.#plain.open;
  }

  #listening(server: Server): void {
    if (this.#isLeaving) stopListening(server);
    // One server may listen several times.
    if (this.#servers.has(server)) return;
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
    // By what they can do: importing their modules would cost an app that uses none of them.
    const speaksHttp2 = 'updateSettings' in server;
    if (speaksHttp2) this.#sessions.watch(server as Http2Server);
    if (speaksHttp2 || 'closeIdleConnections' in server) this.#upgraded.watch(server);
    else this.#plain.watch(server, 'setSecureContext' in server ? 'secureConnection' : 'connection');
  }
}

/** Not the server's own `close()`: that of HTTP closes idle connections too, which has to wait, and HTTP/2's sessions. */
function stopListening(server: Server): void {
  if (server.listening) Server.prototype.close.call(server);
}
