import type { PayFailureCode } from './pay-failure-codes.ts';
import { type PayFailureRow, payCallInvalid, payMisconfigured } from './pay-failure-row.ts';

/** Failures that WeChat Pay has no code for: something on the way, on our side, or somebody pretending to be it. */
export const payTransportRows = {
  WECHAT_PAY_UNREACHABLE: {
    code: 'WECHAT_PAY_UNREACHABLE',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'The connection failed ({reason}). Check DNS, the firewall and the proxy of this server.',
      zh: '连接失败（{reason}）。请检查服务器的 DNS、防火墙与代理。',
    },
  },
  // Not retried: whoever waits has waited long enough. What was asked may have been done: its number tells.
  WECHAT_PAY_TIMED_OUT: {
    code: 'WECHAT_PAY_TIMED_OUT',
    retry: 'never',
    alert: false,
    advice: {
      en: 'There was no whole answer within {timeoutMs} ms. What was asked may have been done: query, or ask again with the same number.',
      zh: '{timeoutMs} 毫秒内没有完整响应，请求可能已被处理：请查询，或以相同单号重试。',
    },
  },
  WECHAT_PAY_ANSWER_UNREADABLE: {
    code: 'WECHAT_PAY_ANSWER_UNREADABLE',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'HTTP {httpStatus} came with {found}: a proxy in between, or a fault at WeChat Pay.',
      zh: 'HTTP {httpStatus} 的响应是 {found}：可能有代理介入，或微信支付侧故障。',
    },
  },
  WECHAT_PAY_ANSWER_FORGED: {
    code: 'WECHAT_PAY_ANSWER_FORGED',
    retry: 'never',
    alert: true,
    advice: {
      en: 'The answer cannot be proved to be from WeChat Pay: {reason}. Check proxies on the way that change bodies, and the public key and its id.',
      zh: '无法证明应答来自微信支付：{reason}。请检查途中会修改内容的代理，以及微信支付公钥与公钥 ID。',
    },
  },
  WECHAT_PAY_NOTIFICATION_REFUSED: {
    code: 'WECHAT_PAY_NOTIFICATION_REFUSED',
    retry: 'never',
    alert: true,
    advice: {
      en: 'A notification was refused: {reason}. Nothing was changed by it; a true one is sent again, and the payments are queried anyway.',
      zh: '拒绝了一条通知：{reason}。未作任何变更；真实的通知会重发，支付结果也会被主动查询。',
    },
  },
  WECHAT_PAY_NOTIFICATION_UNREADABLE: {
    code: 'WECHAT_PAY_NOTIFICATION_UNREADABLE',
    retry: 'never',
    alert: true,
    advice: {
      en: 'A notification that is signed right cannot be read: {found}.',
      zh: '一条签名正确的通知无法读取：{found}。',
    },
  },
  WECHAT_PAY_OTHER_MERCHANT: {
    code: 'WECHAT_PAY_OTHER_MERCHANT',
    retry: 'never',
    alert: true,
    advice: {
      en: 'It names {field} {found}, which is not ours. Check who else uses this notify URL or this merchant number.',
      zh: '数据中的 {field} 是 {found}，与本服务配置不符。请检查是否有其他应用使用同一通知地址或商户号。',
    },
  },
  WECHAT_PAY_MISCONFIGURED: payMisconfigured(
    'What WeChat Pay encrypted cannot be opened with the APIv3 key. Compare the key with the one in the merchant console (API security).',
    '无法用 APIv3 密钥解密微信支付的数据。请与商户平台（API 安全）中设置的密钥核对。',
  ),
  WECHAT_PAY_CLOCK_WRONG: {
    code: 'WECHAT_PAY_CLOCK_WRONG',
    retry: 'never',
    alert: true,
    advice: {
      en: "This server's clock is {skewSeconds} s ahead of WeChat Pay's (negative: behind). Beyond 300 s every call and every notification is refused. Set it right (chrony or systemd-timesyncd).",
      zh: '服务器时钟比微信支付快 {skewSeconds} 秒（负数为慢）。超过 300 秒时所有调用与通知都会被拒绝。请校准时钟（chrony 或 systemd-timesyncd）。',
    },
  },
  WECHAT_PAY_BILL_DAMAGED: {
    code: 'WECHAT_PAY_BILL_DAMAGED',
    retry: 'never',
    alert: true,
    advice: {
      en: 'The bill of {date} is not what WeChat Pay announced: {found}. Download it again; believe no line of this one.',
      zh: '{date} 的账单与微信支付的声明不符：{found}。请重新下载，不要采信其中任何一行。',
    },
  },
  WECHAT_PAY_CALL_INVALID: payCallInvalid(
    'It was not sent: see the details of the error. It is a fault in the code.',
    '请求未发出：详见错误的明细。这是代码缺陷。',
  ),
} as const satisfies Partial<Record<PayFailureCode, PayFailureRow>>;

export type PayTransportFailure = keyof typeof payTransportRows;
