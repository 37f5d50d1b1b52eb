import { type ClientLanguage, clientFault } from './api-error.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

/** What the user answered for each template: `accept` gives the right to one message, others give none. */
export type SubscriptionAnswers = Readonly<Record<string, string>>;

/** @throws ApiError SUBSCRIPTION_FAILED, such as when it is not called from a tap. */
export function requestSubscription(
  wechat: WechatRuntime | undefined,
  templateIds: readonly string[],
  language: ClientLanguage,
): Promise<SubscriptionAnswers> {
  return new Promise((resolve, reject) => {
    const failed = (cause: string) => reject(clientFault('SUBSCRIPTION_FAILED', language, { cause }));
    if (wechat === undefined) return failed('there is no wx here');
    wechat.requestSubscribeMessage({
      tmplIds: templateIds,
      success(answer) {
        const answers: Record<string, string> = {};
        for (const id of templateIds) answers[id] = String(answer[id] ?? 'filter');
        resolve(answers);
      },
      fail: ({ errMsg }) => failed(errMsg),
    });
  });
}
