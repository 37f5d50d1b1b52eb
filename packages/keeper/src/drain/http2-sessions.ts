import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { endEventStream, isHttp2EventStream } from './event-stream.ts';
import { Spread } from './spread.ts';

/** The connections of HTTP/2 servers. */
export class Http2Sessions {
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #streams = new Set<ServerHttp2Stream>();
  readonly #spread = new Spread<ServerHttp2Session | ServerHttp2Stream>();

  watch(server: Http2Server): void {
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('stream', (stream) => this.#count(stream));
    });
  }

  get open(): number {
    return this.#sessions.size;
  }

  /** Streams under way. */
  get streams(): number {
    return this.#streams.size;
  }

  /**
   * Closes the sessions and ends the event streams whose moment has come. A session that is closed sends GOAWAY and ends
   * with its last stream. A stream that crosses with the GOAWAY is refused, which tells the client that it may send the
   * request again (RFC 9113, 6.8). The notice before, which lets even that one pass, is beyond Node: after any GOAWAY
   * with a greater stream id it leaves new streams without an answer (Node 26, tried).
   */
  sayGoodbye(progress: number): void {
    for (const session of this.#sessions) if (this.#spread.isDue(session, progress)) session.close();
    for (const stream of this.#streams) {
      if (this.#spread.isDue(stream, progress) && isHttp2EventStream(stream)) endEventStream(stream);
    }
  }

  #count(stream: ServerHttp2Stream): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
  }
}
