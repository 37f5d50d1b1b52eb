import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, type Milliseconds, SECOND } from '@maque/kit';
import type { Api } from './api.ts';
import { controlErrors } from './control-errors.ts';
import { answerControl, errorReply } from './control-routes.ts';
import type { Controls } from './controls.ts';
import { assertLocal } from './loopback-guard.ts';
import type { SimulatorClock } from './movable-clock.ts';
import type { PayApi } from './pay/pay-api.ts';
import type { SimulatedPay } from './pay/simulated-pay.ts';
import { readBody, readBytes } from './read-body.ts';
import { type Reply, sendReply } from './reply.ts';

// A few workers and a browser talk to it, each over some ten connections.
const MAX_CONNECTIONS = 256;

// Requests come from this computer and are at most 64 KiB.
const REQUEST_TIMEOUT: Milliseconds = 10 * SECOND;

interface HttpServerOptions {
  readonly port: number;
  readonly host: string;
  readonly api: Api;
  readonly controls: Controls;
  readonly clock: SimulatorClock;
  readonly pay: SimulatedPay;
  readonly payApi: PayApi;
}

/** Serves WeChat's API, the control routes and the page. @throws Error when it cannot listen, such as EADDRINUSE */
export async function startHttpServer(options: HttpServerOptions) {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => {
    serve(request, response, options).catch((error: unknown) => {
      if (response.destroyed) return;
      const failed = errorReply(controlErrors.SIM_FAILED({ data: { reason: String(error) } }));
      sendReply(response, failed, options.clock.told());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const reply = await answer(request, options);
  if (reply === null) response.destroy();
  else sendReply(response, reply, options.clock.told());
}

async function answer(
  request: IncomingMessage,
  { host, api, controls, pay, payApi }: HttpServerOptions,
): Promise<Reply | null> {
  try {
    assertLocal(request.headers, host);
  } catch (error) {
    if (error instanceof CodedError) return errorReply(error);
    throw error;
  }
  const method = request.method ?? 'GET';
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  if (path.startsWith('/v3/')) return delayed(await answerPay(request, method, payApi));
  const body = method === 'GET' ? '' : await readBody(request);
  if (path === '/' || path.startsWith('/_sim/'))
    return answerControl({ controls, pay }, { method, path, body });
  const callerIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return delayed(api.answer({ method, path, query: new URLSearchParams(query), body, callerIp }));
}

/** WeChat Pay's signatures cover the very bytes of path, query and body. */
async function answerPay(request: IncomingMessage, method: string, payApi: PayApi) {
  const { headers, url = '/' } = request;
  const body = await readBytes(request);
  return payApi.answer({ method, url, headers, body }, `http://${headers.host}`);
}

async function delayed({ delayMs, reply }: ReturnType<PayApi['answer']>): Promise<Reply | null> {
  // Not worth keeping the process for once the server is closed.
  if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
  return reply;
}
