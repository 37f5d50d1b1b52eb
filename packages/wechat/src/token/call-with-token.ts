import { WechatError } from '../errors/wechat-error.ts';
import type { Caller } from '../http/caller.ts';
import type { WechatCall } from '../http/fetch-answer.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import type { AccessTokens, Replacement } from './access-tokens.ts';

/** Sends a call with the access token in its query. @throws WechatError */
export type ApiCaller<Wanted = JsonAnswer> = Caller<Wanted>;

// One that this process has got meanwhile, one that another has, and one that is fetched. Each of them may be dead by the
// time it is used, the fetched one too: somebody who kills tokens does not wait for us.
const MAX_REPLACEMENTS = 3;

/**
 * Puts the access token on calls. A token that WeChat refuses is replaced and the call sent again, whatever it does: a
 * refused call has done nothing. When WeChat refuses what it hands out again and again, an operator has to know.
 */
export function createApiCaller<Wanted>(
  call: Caller<Wanted>,
  tokens: AccessTokens,
  onAlert: (error: WechatError) => void,
): ApiCaller<Wanted> {
  const send = (request: WechatCall, token: string) =>
    call({
      ...request,
      query: { access_token: token, ...request.query },
      secrets: [token, ...request.secrets],
    });
  return async (request) => {
    let current: Replacement = { token: await tokens.get(), last: false };
    for (let replacements = 0; ; replacements += 1) {
      try {
        return await send(request, current.token);
      } catch (error) {
        if (!isRefusalOfToken(error)) throw error;
        if (current.last || replacements === MAX_REPLACEMENTS) {
          onAlert(error);
          throw error;
        }
        current = await tokens.renew(current.token);
      }
    }
  };
}

function isRefusalOfToken(error: unknown): error is WechatError {
  return error instanceof WechatError && error.retry === 'new-token';
}
