import { createDecipheriv, randomBytes, sign, verify, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@maque/kit';
import { APP_ID, SECRET } from '../../with-simulator.fixture.ts';
import { createSimulator, type SimulatorOptions } from '../simulator.ts';

// Keys are slow to make; all tests of a file share those of the first simulator.
const SHARED_KEYS = createSimulator({
  ...{ appId: APP_ID, secret: SECRET },
  clock: createManualClock(),
}).pay.keys();

export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** What a server that is told got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface CallOptions {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Changes what goes into the signature. */
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly serial?: string;
  readonly mchId?: string;
  readonly signedBody?: string;
}

interface PayAnswerSeen {
  readonly status: number;
  readonly text: string;
  readonly bytes: Buffer;
  readonly json: Record<string, never> & { code: string; message: string };
  readonly headers: Headers;
}

/** A simulator, a server that it tells, and calls that are signed here with nothing but node:crypto. */
export async function startMerchant(
  merchant: SimulatorOptions['merchant'] = {},
  answer: (received: Received) => number | undefined | Promise<number> = () => 204,
  options: Partial<SimulatorOptions> = {},
) {
  const clock = createManualClock();
  const simulator = createSimulator({
    ...{ appId: APP_ID, secret: SECRET, clock },
    merchant: { keys: SHARED_KEYS, ...merchant },
    ...options,
  });
  const baseUrl = await simulator.listen();
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const one = { headers: request.headers, body: Buffer.concat(chunks) };
    received.push(one);
    const status = await answer(one);
    if (status === undefined) return;
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pay/notify`;
  const credentials = simulator.pay.credentials();

  async function call(path: string, given: CallOptions = {}): Promise<PayAnswerSeen> {
    const { method = given.body === undefined ? 'GET' : 'POST', headers } = given;
    const body = given.body === undefined ? '' : textOf(given.body);
    const timestamp = given.timestamp ?? String(Math.floor(clock.now() / 1000));
    const nonce = given.nonce ?? randomBytes(16).toString('hex');
    const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${given.signedBody ?? body}\n`;
    const signature = sign('RSA-SHA256', Buffer.from(text), credentials.privateKeyPem).toString('base64');
    const { mchId = credentials.mchId, serial = credentials.serial } = given;
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'test/1',
        'content-type': 'application/json',
        authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`,
        ...headers,
      },
      ...(body === '' ? {} : { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const answered = bytes.toString('utf8');
    const json = /json/.test(response.headers.get('content-type') ?? '') && answered !== '' ? answered : '{}';
    return {
      status: response.status,
      text: answered,
      bytes,
      json: JSON.parse(json),
      headers: response.headers,
    };
  }

  function signParameters(parameters: { timeStamp: string; nonceStr: string; package: string }) {
    const { timeStamp, nonceStr, package: bundle } = parameters;
    const text = Buffer.from(`${APP_ID}\n${timeStamp}\n${nonceStr}\n${bundle}\n`);
    const paySign = sign('RSA-SHA256', text, credentials.privateKeyPem).toString('base64');
    return { timeStamp, nonceStr, package: bundle, signType: 'RSA' as const, paySign };
  }

  const prepayBody = (outTradeNo: string, fields: object = {}) => ({
    ...{ appid: APP_ID, mchid: credentials.mchId, description: 'A cup of tea' },
    ...{ out_trade_no: outTradeNo, notify_url: notifyUrl },
    ...{ amount: { total: 100, currency: 'CNY' }, payer: { openid: OPENID } },
    ...fields,
  });

  return {
    ...{ clock, simulator, pay: simulator.pay, baseUrl, credentials, received, notifyUrl, call, prepayBody },
    prepay: (outTradeNo: string, fields: object = {}) =>
      call('/v3/pay/transactions/jsapi', { body: prepayBody(outTradeNo, fields) }),
    query: (outTradeNo: string) =>
      call(`/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${credentials.mchId}`),
    close: (outTradeNo: string) =>
      call(`/v3/pay/transactions/out-trade-no/${outTradeNo}/close`, { body: { mchid: credentials.mchId } }),
    refund: (outTradeNo: string, outRefundNo: string, refund: number, fields: object = {}) =>
      call('/v3/refund/domestic/refunds', {
        body: {
          ...{ out_trade_no: outTradeNo, out_refund_no: outRefundNo },
          ...{ amount: { refund, total: 100, currency: 'CNY' }, notify_url: notifyUrl, ...fields },
        },
      }),
    /** What the mini-program would give to `wx.requestPayment`. */
    paymentParameters: (prepayId: string) =>
      signParameters({
        timeStamp: String(Math.floor(clock.now() / 1000)),
        nonceStr: randomBytes(16).toString('hex'),
        package: `prepay_id=${prepayId}`,
      }),
    sign: signParameters,
    /** Whether a message is signed with WeChat's public key, or with the certificate of that PEM. */
    isSigned(
      headers: Headers | IncomingHttpHeaders,
      body: string | Buffer,
      certificatePem?: string,
    ): boolean {
      const get = (name: string) => (headers instanceof Headers ? headers.get(name) : headers[name]) ?? '';
      const lines = `${get('wechatpay-timestamp')}\n${get('wechatpay-nonce')}\n`;
      const text = Buffer.concat([Buffer.from(lines), Buffer.from(body), Buffer.from('\n')]);
      const key =
        certificatePem === undefined
          ? credentials.publicKeyPem
          : new X509Certificate(certificatePem).publicKey;
      return verify('RSA-SHA256', text, key, Buffer.from(String(get('wechatpay-signature')), 'base64'));
    },
    /** Decrypts the resource of a notification or certificate. */
    open({ nonce, ciphertext, associated_data: aad }: Record<string, string>): string {
      const bytes = Buffer.from(ciphertext ?? '', 'base64');
      const decipher = createDecipheriv('aes-256-gcm', credentials.apiV3Key, nonce ?? '')
        .setAAD(Buffer.from(aad ?? ''))
        .setAuthTag(bytes.subarray(-16));
      return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
