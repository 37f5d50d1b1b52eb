import type { FailureCode } from './failure-codes.ts';
import { type FailureRow, staleSession } from './failure-row.ts';

/** Failures that come without an errcode: something on the way, or on our side, broke. */
export const transportRows = {
  WECHAT_UNREACHABLE: {
    code: 'WECHAT_UNREACHABLE',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'The connection failed ({reason}). Check DNS, the firewall and the proxy of this server.',
      zh: '连接失败（{reason}）。请检查服务器的 DNS、防火墙与代理。',
    },
  },
  // Not retried: whoever waits has waited long enough, and the call may still be at work on the other side.
  WECHAT_TIMED_OUT: {
    code: 'WECHAT_TIMED_OUT',
    retry: 'never',
    alert: false,
    advice: {
      en: 'There was no whole answer within {timeoutMs} ms. If it lasts, check the network of this server.',
      zh: '{timeoutMs} 毫秒内没有完整响应。若持续出现，请检查服务器网络。',
    },
  },
  WECHAT_ANSWER_UNREADABLE: {
    code: 'WECHAT_ANSWER_UNREADABLE',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'HTTP {httpStatus} came with {found} instead of the JSON expected: a proxy in between, or a fault at WeChat.',
      zh: 'HTTP {httpStatus} 的响应是 {found}，而非预期的 JSON：可能有代理介入，或微信侧故障。',
    },
  },
  WECHAT_APPID_MISMATCH: {
    code: 'WECHAT_APPID_MISMATCH',
    retry: 'never',
    alert: true,
    advice: {
      en: 'The watermark names AppID {foundAppId}. Check which mini-program sends its data here.',
      zh: '数据水印中的 AppID 是 {foundAppId}。请检查是哪个小程序把数据发到了这里。',
    },
  },
  // An alert only when WeChat says so: here the caller is told at once, with every fault, before anything is sent.
  WECHAT_CALL_INVALID: {
    code: 'WECHAT_CALL_INVALID',
    retry: 'never',
    alert: false,
    advice: {
      en: 'Nothing was sent: the details name each argument that WeChat would refuse.',
      zh: '请求未发出：details 列出了微信会拒绝的每个参数。',
    },
  },
  WECHAT_DATA_INVALID: {
    code: 'WECHAT_DATA_INVALID',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The details say what is wrong with what the client sent: it has to get the data from WeChat again. If it lasts, look for a client that changes them.',
      zh: 'details 说明了客户端所发数据的问题：需重新从微信获取。若持续出现，请检查客户端是否改动了数据。',
    },
  },
  WECHAT_SESSION_STALE: staleSession(),
  WECHAT_CLOCK_SKEWED: {
    code: 'WECHAT_CLOCK_SKEWED',
    retry: 'never',
    alert: true,
    advice: {
      en: "This server's clock differs from WeChat's by {skewSeconds} s (negative: it is behind). WeChat Pay refuses what is signed more than 5 minutes off, and messages that WeChat pushes look like replays. Turn time synchronisation on: timedatectl set-ntp true.",
      zh: '本机时钟与微信相差 {skewSeconds} 秒（负数表示偏慢）。偏差超过 5 分钟时微信支付会拒绝请求签名，微信的推送也会被当作重放。请开启时间同步：timedatectl set-ntp true。',
    },
  },
  WECHAT_TOKEN_STORE_FAILED: {
    code: 'WECHAT_TOKEN_STORE_FAILED',
    retry: 'never',
    alert: true,
    advice: {
      en: 'The shared token store failed ({reason}); each process fetches its own access token meanwhile. Check the database or Redis.',
      zh: '共享的 token 存储出现故障（{reason}），各进程暂时各自获取 access_token。请检查数据库或 Redis。',
    },
  },
} as const satisfies Partial<Record<FailureCode, FailureRow>>;

export type TransportFailure = keyof typeof transportRows;
