import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import type { PlanRequest } from '../src/plan/box/box-request.ts';
import { planBox } from '../src/plan/box/plan-box.ts';
import { renderOptions } from '../src/render/render-options.ts';
import { nginx } from '../src/render/targets/nginx.ts';
import { selfSigned, writeNginx } from './nginx-folder.ts';
import { shopRequest } from './plan-requests.ts';

/** An nginx that serves, with the files of a plan, in front of somebody on this machine. */
export interface ServingNginx extends AsyncDisposable {
  readonly domain: string;
  readonly folder: string;
  readonly http: number;
  readonly https: number;
  /** Of its master. */
  readonly pid: number;
}

export const DOMAIN = 'api.example.com';

/** @param port of whom it passes requests on to */
export async function serveNginx(port: number, request: PlanRequest = shopRequest()): Promise<ServingNginx> {
  await using undo = new AsyncDisposableStack();
  const folder = undo.use(await tempFolder()).path;
  const plan = planBox(request);
  if (!plan.fits) throw new Error('the plan does not fit');
  const ports = { http: await freePort(), https: await freePort() };
  const options = renderOptions({ domain: DOMAIN, port, ...selfSigned(folder, DOMAIN) });
  const config = writeNginx(nginx.render(plan, options), folder, ports);
  const log = `${folder}/log/error.log`;
  const server = undo.use(
    await spawnProcess('nginx', ['-p', folder, '-c', config, '-e', log, '-g', 'daemon off;']),
  );
  await waitUntil('nginx to serve', () => {
    if (server.ended()) throw new Error(server.stderr());
    return answers(ports.http);
  });
  const owned = undo.move();
  return {
    domain: DOMAIN,
    folder,
    ...ports,
    pid: server.pid,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** A server on any port, for which the handlers are still to be set. */
export async function anyServer(): Promise<Server & AsyncDisposable & { readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
