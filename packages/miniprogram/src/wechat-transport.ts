import { type Transport, type TransportAnswer, TransportFault, type TransportRequest } from './transport.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

type Settle = [resolve: (answer: TransportAnswer) => void, reject: (fault: TransportFault) => void];

/**
 * Carries requests through `wx.request` and files through `wx.uploadFile`.
 * `wx.request` knows no PATCH (`request:fail method is invalid`), so that travels as POST with `X-HTTP-Method-Override`.
 */
export function createWechatTransport(wechat: WechatRuntime): Transport {
  return (request) =>
    new Promise((...settle) => {
      if (typeof request.file === 'string') sendFile(wechat, request, request.file, settle);
      else sendText(wechat, request, settle);
    });
}

function sendText(wechat: WechatRuntime, request: TransportRequest, [resolve, reject]: Settle): void {
  const { method, body } = request;
  const isPatch = method === 'PATCH';
  wechat.request({
    url: request.url,
    method: isPatch ? 'POST' : method,
    header: isPatch ? { ...request.headers, 'x-http-method-override': method } : request.headers,
    ...(body === undefined ? {} : { data: body }),
    // Anything but `json` leaves the text as it came: broken JSON is then judged in one place for all transports.
    dataType: 'text',
    timeout: request.timeoutMs,
    success: (answer) =>
      resolve({
        status: answer.statusCode,
        text: typeof answer.data === 'string' ? answer.data : '',
        header: (name) => findHeader(answer.header, name),
      }),
    fail: ({ errMsg }) => reject(faultOf(errMsg)),
  });
}

function sendFile(
  wechat: WechatRuntime,
  request: TransportRequest,
  filePath: string,
  [resolve, reject]: Settle,
): void {
  wechat.uploadFile({
    url: request.url,
    filePath,
    name: 'file',
    header: request.headers,
    ...(request.fields === undefined ? {} : { formData: request.fields }),
    timeout: request.timeoutMs,
    // Its answers have no headers.
    success: ({ statusCode, data }) => resolve({ status: statusCode, text: data, header: () => undefined }),
    fail: ({ errMsg }) => reject(faultOf(errMsg)),
  });
}

function faultOf(errMsg: string): TransportFault {
  return new TransportFault(errMsg, /timeout|timed out/i.test(errMsg));
}

// iOS, Android and the developer tools each write header names in their own case.
function findHeader(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() === name.toLowerCase()) return String(headers[key]);
  }
  return undefined;
}
