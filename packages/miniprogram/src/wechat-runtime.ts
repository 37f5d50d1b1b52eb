/** The little of a mini-program's `wx` that the SDK uses (base library 2.10.0, which brought timeouts). */
export interface WechatRuntime {
  request(options: {
    readonly url: string;
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly header: Readonly<Record<string, string>>;
    readonly data?: string;
    readonly dataType: string;
    readonly timeout: number;
    success(answer: {
      readonly statusCode: number;
      readonly data: unknown;
      readonly header: Readonly<Record<string, unknown>>;
    }): void;
    fail(fault: { readonly errMsg: string }): void;
  }): unknown;
  uploadFile(options: {
    readonly url: string;
    readonly filePath: string;
    readonly name: string;
    readonly header: Readonly<Record<string, string>>;
    readonly formData?: Readonly<Record<string, string>>;
    readonly timeout: number;
    success(answer: { readonly statusCode: number; readonly data: string }): void;
    fail(fault: { readonly errMsg: string }): void;
  }): unknown;
  getFileSystemManager(): {
    getFileInfo(options: {
      readonly filePath: string;
      success(info: { readonly size: number }): void;
      fail(): void;
    }): void;
  };
  login(options: {
    readonly timeout: number;
    success(answer: { readonly code: string }): void;
    fail(fault: { readonly errMsg: string }): void;
  }): unknown;
  requestPayment(options: {
    readonly timeStamp: string;
    readonly nonceStr: string;
    readonly package: string;
    readonly signType: 'RSA';
    readonly paySign: string;
    success(): void;
    fail(fault: { readonly errMsg: string }): void;
  }): unknown;
  requestSubscribeMessage(options: {
    readonly tmplIds: readonly string[];
    success(answer: Readonly<Record<string, unknown>>): void;
    fail(fault: { readonly errMsg: string }): void;
  }): unknown;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: string): void;
  removeStorageSync(key: string): void;
}

// Not every runtime of WeChat has `globalThis`, so `wx` is asked for by its bare name.
declare const wx: WechatRuntime | undefined;

/** WeChat's API inside a mini-program; undefined in a browser and in Node. */
export function wechatRuntime(): WechatRuntime | undefined {
  return typeof wx === 'undefined' ? undefined : wx;
}
