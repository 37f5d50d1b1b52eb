import type { Clock } from '@maque/kit';
import type { PayRequest } from './transport/pay-request.ts';
import type { PayFields } from './transport/read-fields.ts';

/** What every call of WeChat Pay is made with. */
export interface PayCalls {
  readonly appId: string;
  readonly mchId: string;
  /** Where WeChat Pay reports to, unless a call says otherwise. */
  readonly notifyUrl: string;
  readonly clock: Clock;
  /** Answers with a success whose signature was right. @throws WechatPayError */
  readonly call: (request: PayRequest) => Promise<PayFields>;
}
