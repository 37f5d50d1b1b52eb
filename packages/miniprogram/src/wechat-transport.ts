import { type Transport, TransportFault } from './transport.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

// `wx.request` says `application/json` of every request, and a body of no length is not JSON.
const emptyBody = '{}';

/**
 * Carries requests through `wx.request`.
 * It knows no PATCH (`request:fail method is invalid`), so that travels as POST with `X-HTTP-Method-Override`.
 */
export function createWechatTransport(wechat: WechatRuntime): Transport {
  return (request) =>
    new Promise((resolve, reject) => {
      const { method, body } = request;
      const isPatch = method === 'PATCH';
      wechat.request({
        url: request.url,
        method: isPatch ? 'POST' : method,
        header: isPatch ? { ...request.headers, 'x-http-method-override': method } : request.headers,
        ...(method === 'GET' ? {} : { data: body ?? emptyBody }),
        // Anything but `json` leaves the text as it came: broken JSON is then judged in one place for all transports.
        dataType: 'text',
        timeout: request.timeoutMs,
        success: (answer) =>
          resolve({
            status: answer.statusCode,
            text: typeof answer.data === 'string' ? answer.data : '',
            header: (name) => findHeader(answer.header, name),
          }),
        fail: ({ errMsg }) => reject(new TransportFault(errMsg, /timeout|timed out/i.test(errMsg))),
      });
    });
}

// iOS, Android and the developer tools each write header names in their own case.
function findHeader(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() === name.toLowerCase()) return String(headers[key]);
  }
  return undefined;
}
