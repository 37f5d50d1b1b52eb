import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@maque/kit';
import { HttpConnection } from './http-connection.ts';
import type { RequestMeter } from './request-meter.ts';
import { RouteNames } from './route-names.ts';

const BEGIN = 'http.server.request.start';
const FINISH = 'http.server.response.finish';

// Of a request that was aborted: no error of the app's.
const STATUS_UNKNOWN = 0;

const connection = Symbol('maque.guard.connection');

type WatchedSocket = Socket & { [connection]?: HttpConnection };

/** What both channels publish. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: WatchedSocket;
}

/**
 * Feeds a meter from every `node:http` server of this process, whatever framework is on top, and ends by itself once
 * the app declares its routes. HTTP/2 has no such channel and is not counted.
 *
 * The channel for answered requests says nothing of aborted ones, which would stay in flight for ever: these end with
 * their connection. So it is the connection that is listened to and written on: with a listener and a note on each
 * response the same cost 0.7 µs a request, and this costs 0.3, of which Node's two channels are 0.05 to 0.14 (Node 26, under
 * full load, switched on and off by turns).
 * @returns a function that stops it.
 */
export function feedFromHttp(meter: RequestMeter, clock: Clock): () => void {
  const names = new RouteNames(meter);
  let inFlight = 0;

  function begun({ request, response, socket }: Exchange): void {
    if (meter.named) {
      unsubscribe(BEGIN, onBegin);
      stopWhenDone();
      return;
    }
    const weight = meter.drawWeight();
    const current = watched(socket);
    if (weight === 0) current.untimed += 1;
    // Frameworks rewrite `url` while they route, so it is kept as it came.
    else current.begin(response, request.url ?? '', weight, clock.monotonic());
    inFlight += 1;
    meter.start();
  }
  function finished({ response, socket }: Exchange): void {
    const current = socket[connection];
    if (current === undefined) return;
    if (current.response === response) end(current, response);
    else if (current.untimed > 0) endUntimed(current, response.statusCode);
  }
  function lost(this: WatchedSocket): void {
    const current = this[connection];
    if (current === undefined) return;
    for (let response = current.response; response !== null; response = current.response)
      end(current, response);
    while (current.untimed > 0) endUntimed(current, STATUS_UNKNOWN);
  }
  function end(current: HttpConnection, response: ServerResponse): void {
    const { weight, atMs, url } = current;
    const route = names.indexOf(response.req.method ?? '', url, response.statusCode);
    meter.endSpeaking(weight, route, clock.monotonic() - atMs, response.statusCode);
    current.end();
    ended();
  }
  function endUntimed(current: HttpConnection, status: number): void {
    current.untimed -= 1;
    meter.endSpokenFor(status);
    ended();
  }
  function ended(): void {
    inFlight -= 1;
    if (meter.named) stopWhenDone();
  }
  function watched(socket: WatchedSocket): HttpConnection {
    const known = socket[connection];
    if (known !== undefined) return known;
    const fresh = new HttpConnection();
    socket[connection] = fresh;
    socket.on('close', lost);
    return fresh;
  }
  function stopWhenDone(): void {
    if (inFlight === 0) unsubscribe(FINISH, onFinish);
  }

  const onBegin = begun as (message: unknown) => void;
  const onFinish = finished as (message: unknown) => void;
  subscribe(BEGIN, onBegin);
  subscribe(FINISH, onFinish);
  return () => {
    unsubscribe(BEGIN, onBegin);
    unsubscribe(FINISH, onFinish);
  };
}
