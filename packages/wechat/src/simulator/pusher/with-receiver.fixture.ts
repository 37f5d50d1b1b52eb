import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock, MINUTE } from '@maque/kit';
import { createPushReceiver, type PushReceiver, type ReceivedPush } from '../../push/index.ts';
import { APP_ID } from '../../with-simulator.fixture.ts';
import type { PushTarget } from './push-target.ts';
import { createEncodingAesKey } from './seal-push.ts';

type Answer = (received: ReceivedPush, receiver: PushReceiver, response: ServerResponse) => void;

interface ReceiverOptions extends Partial<PushTarget> {
  /** What is done with a message that is believed; `success` unless told. */
  readonly answer?: Answer;
}

/** A server that receives pushes as ours does, on a clock that it shares with the simulator. */
export async function startReceiver({ answer, ...wishes }: ReceiverOptions = {}) {
  const clock = createManualClock();
  const mode = wishes.mode ?? 'safe';
  const token = wishes.token ?? 'AAAAA';
  const key = mode === 'plain' ? {} : { encodingAesKey: wishes.encodingAesKey ?? createEncodingAesKey() };
  const receiver = createPushReceiver({ appId: APP_ID, token, ...key, clock });
  const messages: ReceivedPush[] = [];
  const refusals: string[] = [];
  const urlChecks: string[] = [];
  let taken = 0;

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    try {
      if (request.method === 'GET') {
        const echo = receiver.verifyUrl(query);
        urlChecks.push(echo);
        response.end(echo);
        return;
      }
      const received = receiver.read({ query, body: Buffer.concat(chunks) });
      messages.push(received);
      if (answer === undefined) response.end('success');
      else answer(received, receiver, response);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      refusals.push(String(code));
      response.writeHead(403).end();
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    messages,
    refusals,
    urlChecks,
    target: {
      url: `http://127.0.0.1:${port}/api/wechat/push?from=wechat`,
      token,
      mode,
      ...key,
      ...formatOf(wishes),
    },
    /** The next message that nobody has taken yet; fails after a minute. */
    async next(): Promise<ReceivedPush> {
      const deadline = performance.now() + MINUTE;
      while (messages.length <= taken) {
        if (performance.now() > deadline) throw new Error('no push came');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      taken += 1;
      return messages[taken - 1] as ReceivedPush;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function formatOf({ format }: Partial<PushTarget>) {
  return format === undefined ? {} : { format };
}
