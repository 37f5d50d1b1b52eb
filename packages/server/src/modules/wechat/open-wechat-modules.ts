import type { Foundation } from '../../foundation.ts';
import { messagesOff } from '../messages/messages-off.ts';
import { openMessages } from '../messages/open-messages.ts';
import { openPayments } from '../payments/open-payments.ts';
import { paymentsOff } from '../payments/payments-off.ts';
import { openPush } from '../push/open-push.ts';
import { openMoreApps, openWechat } from './open-wechat.ts';
import { WechatMeter } from './wechat-meter.ts';
import { createWechatServices } from './wechat-services.ts';

export type WechatModules = Pick<
  Foundation,
  'wechat' | 'wechatApps' | 'wechatMeter' | 'messages' | 'payments' | 'services' | 'pushes'
>;

/** Everything that has to do with WeChat; without an AppID nothing of it is loaded. */
export async function openWechatModules(
  edges: Pick<
    Foundation,
    'app' | 'settings' | 'database' | 'records' | 'jobs' | 'attention' | 'log' | 'clock'
  >,
): Promise<WechatModules> {
  const wechatMeter = new WechatMeter();
  const wechat = await openWechat({ ...edges, meter: wechatMeter });
  const wechatApps = await openMoreApps(wechat, { ...edges, meter: wechatMeter });
  const messages = await openMessages(wechat, edges);
  const messaging = messages?.messages ?? messagesOff;
  const payments = await openPayments({ ...edges, wechatMeter, messages: messaging });
  const services = createWechatServices({
    ...{ wechat, database: edges.database },
    messages: messaging,
    payments: payments?.payments ?? paymentsOff,
  });
  const pushes = await openPush({ ...edges, wechat, messages: messages?.messages ?? null, services });
  return { wechat, wechatApps, wechatMeter, messages, payments, services, pushes };
}
