import type { ErrorBody } from '@maque/contract';
import { errors } from '@maque/contract';
import { type Bytes, CodedError, formatBytes, type Language, languageFrom } from '@maque/kit';

/** Fastify's own faults that are the caller's doing, by their code. */
const FRAMEWORK_FAULTS: Readonly<Record<string, (limits: { bodyLimit: number }) => CodedError>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: () => errors.BAD_JSON(),
  FST_ERR_CTP_BODY_TOO_LARGE: ({ bodyLimit }) =>
    errors.BODY_TOO_LARGE({ data: { limit: formatBytes(bodyLimit) } }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => errors.MEDIA_TYPE_UNSUPPORTED(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => errors.BAD_REQUEST(),
  FST_ERR_BAD_URL: () => errors.BAD_REQUEST(),
  // Of QUERY alone, which no route takes.
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: () => errors.METHOD_NOT_ALLOWED(),
  FST_ERR_ROUTE_MISSING_CONTENT: () => errors.METHOD_NOT_ALLOWED(),
  FST_ERR_MAX_PARAM_LENGTH: () => errors.URI_TOO_LONG(),
};

/** The coded error that a caller is told, whatever was thrown; what nobody foresaw is INTERNAL and says nothing. */
export function codedErrorOf(error: unknown, limits: { readonly bodyLimit: Bytes }): CodedError {
  if (error instanceof CodedError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const known = typeof code === 'string' ? FRAMEWORK_FAULTS[code] : undefined;
  return known?.(limits) ?? errors.INTERNAL({ cause: error });
}

/** The wire's body for an error, in the reader's language. */
export function errorBody(error: CodedError, language: Language, requestId: string): ErrorBody {
  const details = error.detailsIn(language);
  return {
    error: {
      code: error.code,
      message: error.messageIn(language),
      ...(details.length > 0 ? { details } : {}),
      requestId,
    },
  };
}

/** What language a caller reads, by its Accept-Language; WeChat sends `zh-CN,zh;…` by itself. */
export function languageOf(request: { headers: { 'accept-language'?: string | undefined } }): Language {
  return languageFrom(request.headers['accept-language']);
}
