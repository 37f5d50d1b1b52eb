import type { ErrorBody, ErrorCode } from '@maque/contract';
import type { ErrorDetail, Text } from '@maque/kit';

export type ClientLanguage = 'en' | 'zh-CN';

/** Faults that the client itself finds; the server's codes are `ErrorCode` of the contract. */
const clientFaults = {
  NETWORK_FAILED: { en: 'The server cannot be reached', zh: '无法连接服务器' },
  NETWORK_TIMEOUT: { en: 'The server did not answer in time', zh: '服务器响应超时' },
  ANSWER_UNREADABLE: { en: 'The answer is not from this API', zh: '服务器返回了无法识别的内容' },
  LOGIN_FAILED: { en: 'WeChat gave no login code', zh: '微信登录失败' },
  PAYMENT_FAILED: { en: 'The payment could not be made', zh: '支付未能完成' },
  SUBSCRIPTION_FAILED: { en: 'WeChat did not ask about messages', zh: '未能发起消息订阅' },
} satisfies Record<string, Text>;

export type ClientErrorCode = keyof typeof clientFaults;

export interface ApiErrorOptions {
  /** HTTP status; 0 when there was no answer. */
  readonly status?: number;
  readonly details?: readonly ErrorDetail[];
  readonly requestId?: string | undefined;
  /** What the server's `Retry-After` asks for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** Why a call failed: a stable code to branch on, a message to show, and what support needs to find it. */
export class ApiError extends Error {
  /** A code of the server's table, of your app's own errors, or one of {@link ClientErrorCode}. */
  readonly code: ErrorCode | ClientErrorCode | (string & {});
  readonly status: number;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ApiError['code'], message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = options.status ?? 0;
    this.details = options.details ?? [];
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function clientFault(
  code: ClientErrorCode,
  language: ClientLanguage,
  options?: ApiErrorOptions,
): ApiError {
  const text = clientFaults[code];
  return new ApiError(code, language === 'zh-CN' ? text.zh : text.en, options);
}

/** Whether a body is the error that every Maque server answers with, and not the page of some proxy. */
export function isErrorBody(body: unknown): body is ErrorBody {
  const error = (body as Partial<ErrorBody> | null | undefined)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}
