import { errors } from '@maque/contract';
import type { Messages } from '../../define/wechat-services.ts';

const refuse = async (): Promise<never> => {
  throw errors.WECHAT_OFF();
};

/** What apps have where there is no AppID: each call says so. */
export const messagesOff: Messages = Object.freeze({ send: refuse, accepted: refuse });
