import type { WechatRuntime } from '../src/wechat-runtime.ts';

// What base library 3.x lists as valid: https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

export interface FakeWechatOptions {
  /** Codes that `wx.login` gives, one after the other; the last one again and again. */
  readonly codes?: readonly string[];
  /** What `wx.login` fails with, when it is to fail. */
  readonly loginFails?: string;
  /** What lies behind the paths that a picker gave. */
  readonly files?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** What becomes of a payment; the user pays unless told. */
  readonly pay?: (parameters: Readonly<Record<string, string>>) => Promise<'ok' | 'cancel' | 'fail'>;
  /** What the user answers for a template; accepts unless told. */
  readonly subscribe?: (templateId: string) => Promise<'accept' | 'reject' | 'ban'>;
  /** Whether the phone's storage has no room left. */
  readonly storageIsFull?: boolean;
}

export interface FakeWechat extends WechatRuntime {
  readonly stored: Map<string, string>;
  readonly logins: number;
}

/**
 * A mini-program's `wx` over real HTTP, with the traits that break SDKs: no PATCH, a content type of its own where
 * none is set, header names in any case, every status a success, storage that throws when it is full.
 */
export function createFakeWechat(options: FakeWechatOptions = {}): FakeWechat {
  const stored = new Map<string, string>();
  const codes = options.codes ?? ['demo-1'];
  let logins = 0;
  return {
    stored,
    get logins() {
      return logins;
    },
    request(request) {
      if (!methods.includes(request.method))
        return request.fail({ errMsg: 'request:fail method is invalid' });
      void exchange(request);
    },
    uploadFile(request) {
      const content = options.files?.[request.filePath];
      if (content === undefined) return request.fail({ errMsg: 'uploadFile:fail file not found' });
      void exchangeFile(request, content);
    },
    getFileSystemManager: () => ({
      getFileInfo({ filePath, success, fail }) {
        const content = options.files?.[filePath];
        if (content === undefined) fail();
        else success({ size: content.length });
      },
    }),
    login({ success, fail }) {
      logins += 1;
      const code = codes[Math.min(logins, codes.length) - 1] ?? '';
      setTimeout(() => {
        if (options.loginFails === undefined) success({ code });
        else fail({ errMsg: options.loginFails });
      });
    },
    requestPayment({ success, fail, ...parameters }) {
      const pay = options.pay ?? (async () => 'ok' as const);
      void pay(parameters).then((outcome) =>
        outcome === 'ok'
          ? success()
          : fail({ errMsg: `requestPayment:fail${outcome === 'cancel' ? ' cancel' : ''}` }),
      );
    },
    requestSubscribeMessage({ tmplIds, success, fail }) {
      if (tmplIds.length > 5)
        return fail({ errMsg: 'requestSubscribeMessage:fail tmplIds should be no more than 5' });
      const accept = async () => 'accept' as const;
      const asked = tmplIds.map(async (id) => [id, await (options.subscribe ?? accept)(id)]);
      void Promise.all(asked).then((answers) =>
        success({ errMsg: 'requestSubscribeMessage:ok', ...Object.fromEntries(answers) }),
      );
    },
    getStorageSync: (key) => stored.get(key) ?? '',
    setStorageSync(key, value) {
      if (options.storageIsFull) throw new Error('setStorageSync:fail exceed storage max size 10Mb');
      stored.set(key, value);
    },
    removeStorageSync: (key) => void stored.delete(key),
  };
}

async function exchange(request: Parameters<WechatRuntime['request']>[0]): Promise<void> {
  try {
    const answer = await fetch(request.url, {
      method: request.method,
      headers: { 'content-type': 'application/json', ...request.header },
      signal: AbortSignal.timeout(request.timeout),
      ...(request.data === undefined ? {} : { body: request.data }),
    });
    const text = await answer.text();
    const header: Record<string, string> = {};
    answer.headers.forEach((value, name) => {
      header[name.replace(/(^|-)[a-z]/g, (initial) => initial.toUpperCase())] = value;
    });
    request.success({ statusCode: answer.status, data: text, header });
  } catch (error) {
    const timedOut = (error as Error).name === 'TimeoutError';
    request.fail({ errMsg: timedOut ? 'request:fail timeout' : 'request:fail net::ERR_CONNECTION_RESET' });
  }
}

async function exchangeFile(
  request: Parameters<WechatRuntime['uploadFile']>[0],
  content: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(request.formData ?? {})) form.append(name, value);
  form.append(request.name, new Blob([content]), request.filePath.split('/').at(-1));
  try {
    const answer = await fetch(request.url, {
      method: 'POST',
      headers: request.header,
      signal: AbortSignal.timeout(request.timeout),
      body: form,
    });
    request.success({ statusCode: answer.status, data: await answer.text() });
  } catch (error) {
    const timedOut = (error as Error).name === 'TimeoutError';
    request.fail({
      errMsg: timedOut ? 'uploadFile:fail timeout' : 'uploadFile:fail net::ERR_CONNECTION_RESET',
    });
  }
}
