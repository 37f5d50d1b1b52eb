import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';
import type { Watched } from '../watched.ts';

const ofServer =
  <Level>(...levels: readonly Level[]) =>
  ({ hasServer }: Watched): readonly Level[] =>
    hasServer ? levels : [];

/** Failures that somebody has to mend: the secret, the allowed addresses, the token. */
const ACCOUNT = 'WECHAT_TOKEN_REFUSED|WECHAT_MISCONFIGURED|WECHAT_TOKEN_STORE_FAILED|WECHAT_APPID_MISMATCH';
/** Failures of WeChat or of the way to it; what users do wrong is none. */
const TROUBLE =
  'WECHAT_BUSY|WECHAT_UNREACHABLE|WECHAT_TIMED_OUT|WECHAT_ANSWER_UNREADABLE|WECHAT_ERRCODE_UNKNOWN';

const calls = (matcher: string, over: string) =>
  `sum without (worker, path, result) (${over.replace('CALLS', `maque_wechat_calls_total${matcher}`)})`;

/** Of what WeChat is asked. */
export const wechatAlerts: readonly AlertRule[] = [
  {
    name: 'MaqueWechatAccount',
    measure: calls(`{result=~"${ACCOUNT}"}`, 'increase(CALLS[15m])'),
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'critical', limit: 2.5, forMinutes: 0, formula: '3 − 0.5' }),
    unit: 'number',
    summary: {
      en: '{app}: WeChat refuses the account or its token',
      zh: '{app}：微信拒绝了账号或接口凭证',
    },
    advice: {
      en: "AppID and secret right? This server's address on WeChat's list? Another program that fetches tokens for the same AppID?",
      zh: '检查 AppID 与密钥、服务器 IP 是否在白名单、是否有别的程序用同一 AppID 取 token',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: 'calls refused for the account, in 15 minutes', zh: '15 分钟内因账号被拒的调用' },
      explanation: {
        en: 'A token that expires is fetched again once, which is one refusal. Three are no accident: nobody can log in until somebody mends it.',
        zh: 'token 过期会重取一次，只算一次被拒。三次就不是偶然：修好之前没人能登录。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [
      rising(
        'maque_wechat_calls_total{worker="w1",path="/cgi-bin/token",result="WECHAT_MISCONFIGURED"}',
        value / 15,
      ),
    ],
  },
  {
    name: 'MaqueWechatFails',
    measure: `${calls(`{result=~"${TROUBLE}"}`, 'rate(CALLS[15m])')} / ${calls('', 'rate(CALLS[15m])')}`,
    alarmsWhen: 'above',
    levels: ofServer(
      { severity: 'warning', limit: 0.2, forMinutes: 10 },
      { severity: 'critical', limit: 0.8, forMinutes: 5 },
    ),
    unit: 'share',
    summary: { en: '{app}: {value} of the calls of WeChat fail', zh: '{app}：{value} 的微信调用失败' },
    advice: {
      en: 'curl -sS https://api.weixin.qq.com from the server: DNS, the way out, or WeChat itself?',
      zh: '在服务器上 curl -sS https://api.weixin.qq.com，看是 DNS、出网还是微信自身的问题',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: 'share of calls that WeChat or the network fails', zh: '因微信或网络失败的调用比例' },
      explanation: {
        en: 'Failed calls are tried again by themselves, so one in five is noticed by few. At 80 % nobody logs in or pays.',
        zh: '失败的调用会自动重试，五分之一失败时少有人察觉。到 80% 就没人能登录或支付。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [
      rising(
        'maque_wechat_calls_total{worker="w1",path="/sns/jscode2session",result="WECHAT_TIMED_OUT"}',
        value * 60,
      ),
      rising(
        'maque_wechat_calls_total{worker="w1",path="/sns/jscode2session",result="ok"}',
        (1 - value) * 60,
      ),
    ],
  },
  {
    name: 'MaqueWechatSlow',
    measure: 'histogram_quantile(0.95, sum without (worker) (rate(maque_wechat_call_seconds_bucket[15m])))',
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'warning', limit: 2, forMinutes: 10 }),
    unit: 'seconds',
    summary: {
      en: '{app}: one call of WeChat in twenty takes {value} or longer',
      zh: '{app}：二十分之一的微信调用耗时达 {value} 以上',
    },
    advice: {
      en: 'WeChat answers in 50 to 300 ms: look at DNS and the way out of this server',
      zh: '微信通常 50 到 300 毫秒应答：检查服务器的 DNS 与出网线路',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: 'time of the slowest call of WeChat in twenty', zh: '最慢二十分之一微信调用的耗时' },
      explanation: {
        en: 'A login waits for WeChat. A try ends at five seconds; at two the user has tapped again.',
        zh: '登录要等微信应答。单次尝试五秒超时，两秒时用户已经再点一次了。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [
      rising('maque_wechat_call_seconds_bucket{worker="w1",le="0.000001"}', 0),
      rising(`maque_wechat_call_seconds_bucket{worker="w1",le="${value / 0.95}"}`, 60),
      rising('maque_wechat_call_seconds_bucket{worker="w1",le="+Inf"}', 60),
    ],
  },
  {
    name: 'MaqueWechatQuotaLow',
    measure: 'min without (worker) (maque_wechat_quota_left)',
    alarmsWhen: 'below',
    levels: ofServer({ severity: 'warning', limit: 100, forMinutes: 0 }),
    unit: 'number',
    summary: {
      en: '{app}: WeChat allows {value} more calls of {path} today',
      zh: '{app}：{path} 今天只剩 {value} 次额度',
    },
    advice: {
      en: 'Who calls so often? The quota comes back at midnight, Beijing time; it can be cleared a few times a month',
      zh: '查清是谁在频繁调用；额度北京时间零点恢复，每月可清零若干次',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: 'calls of a path that are left today', zh: '某接口今天剩余的调用次数' },
      explanation: {
        en: 'Each path has a quota a day. A hundred are some minutes of an ordinary shop: time to stop what burns it.',
        zh: '每个接口每天有额度。一百次相当于普通小店几分钟的量，来得及停掉浪费的调用。',
      },
      source: SOURCES.wechat,
    },
    example: (value) => [
      steady('maque_wechat_quota_left{worker="w1",path="/cgi-bin/message/subscribe/send"}', value),
    ],
  },
  {
    name: 'MaqueWechatQuotaUsedUp',
    measure: calls('{result="WECHAT_QUOTA_USED_UP"}', 'increase(CALLS[15m])'),
    alarmsWhen: 'above',
    levels: ofServer({ severity: 'critical', limit: 0, forMinutes: 0 }),
    unit: 'number',
    summary: { en: '{app}: a quota of WeChat is used up for today', zh: '{app}：微信接口今天的额度已用完' },
    advice: {
      en: 'Clear the quota in the console of WeChat, then find who calls so often',
      zh: '在微信后台清零额度，再找出是谁在频繁调用',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: 'calls refused for the quota, in 15 minutes', zh: '15 分钟内因额度用完被拒的调用' },
      explanation: {
        en: 'Until midnight, Beijing time, every further call of the path fails.',
        zh: '到北京时间零点前，该接口的调用都会失败。',
      },
      source: SOURCES.wechat,
    },
    example: (value) => [
      rising(
        'maque_wechat_calls_total{worker="w1",path="/cgi-bin/token",result="WECHAT_QUOTA_USED_UP"}',
        value,
      ),
    ],
  },
  {
    name: 'MaqueWechatClock',
    measure: 'max without (worker) (abs(maque_wechat_clock_skew_seconds))',
    alarmsWhen: 'above',
    levels: ofServer(
      { severity: 'warning', limit: 60, forMinutes: 5 },
      { severity: 'critical', limit: 240, forMinutes: 5 },
    ),
    unit: 'seconds',
    summary: { en: '{app}: the clock is {value} off', zh: '{app}：时钟偏差 {value}' },
    advice: {
      en: 'timedatectl; systemctl restart chrony',
      zh: '先看 timedatectl，再 systemctl restart chrony',
    },
    guide: GUIDE.wechat,
    meaning: {
      short: { en: "how far the clock is off WeChat's", zh: '与微信时间的偏差' },
      explanation: {
        en: 'WeChat Pay takes signatures that are at most five minutes old. Beyond that no payment can be opened; at four minutes there is little left.',
        zh: '微信支付只接受五分钟内的签名，超过就无法下单；到四分钟时已所剩无几。',
      },
      source: SOURCES.wechat,
    },
    example: (value) => [steady('maque_wechat_clock_skew_seconds{worker="w1"}', -value)],
  },
];
