import { type Bytes, KiB, type Text } from '@maque/kit';
import type { ProgramKind } from '../box/box-request.ts';

/** How the users of one kind of mini-program behave. All of it is assumed; what is told or measured wins. */
export interface ProgramHabits {
  /** Requests of one user in a day, of the API alone. */
  readonly requestsPerUserDay: number;
  /** Part of a day's requests that comes in its busiest hour. Spread evenly it would be 0.042. */
  readonly busiestHourShare: number;
  /** The busiest second of that hour, relative to its mean. */
  readonly burst: number;
  /** Compressed JSON with its headers. */
  readonly answerBytes: Bytes;
  /** Pictures and files for one request of the API, as far as the phone does not hold them already. */
  readonly fileBytesPerRequest: Bytes;
  readonly uploadsPerUserDay: number;
  /** Part of a day's users that hold a realtime connection open at the same time. */
  readonly socketShare: number;
  /** What one open socket is sent in a second at the peak. */
  readonly socketBytesPerSecond: Bytes;
  /** Rows that one user leaves in a day, with their indexes. */
  readonly storedBytesPerUserDay: Bytes;
  readonly reason: Text;
}

// A busiest hour of 10 to 12 % is the usual day curve of a consumer app: 2.4 to 2.9 times the mean of the day. With a
// burst of 3 the peak second is 7 to 9 times that mean; the tutorials' rule of 80 % in 20 % of the day gives 4 times, for
// a mean of hours. A published trading site saw 15 times in its busiest minute, which is what a shop gets here (0.12 × 24 × 5).
export const PROGRAM_HABITS: Readonly<Record<ProgramKind, ProgramHabits>> = {
  tool: {
    requestsPerUserDay: 15,
    busiestHourShare: 0.1,
    burst: 3,
    answerBytes: 1.5 * KiB,
    fileBytesPerRequest: 0,
    uploadsPerUserDay: 0.02,
    socketShare: 0,
    socketBytesPerSecond: 0,
    storedBytesPerUserDay: 1 * KiB,
    reason: {
      en: 'opened, used, closed: few requests, small answers, no pictures',
      zh: '用完即走：请求少、响应小、没有图片',
    },
  },
  content: {
    requestsPerUserDay: 25,
    busiestHourShare: 0.12,
    burst: 3,
    answerBytes: 4 * KiB,
    fileBytesPerRequest: 15 * KiB,
    uploadsPerUserDay: 0,
    socketShare: 0,
    socketBytesPerSecond: 0,
    storedBytesPerUserDay: 0.5 * KiB,
    reason: {
      en: 'lists and articles: answers and pictures weigh more than requests',
      zh: '列表与文章：分量在响应与图片，不在请求数',
    },
  },
  shop: {
    requestsPerUserDay: 40,
    busiestHourShare: 0.12,
    burst: 5,
    answerBytes: 2 * KiB,
    fileBytesPerRequest: 12 * KiB,
    uploadsPerUserDay: 0.02,
    socketShare: 0,
    socketBytesPerSecond: 0,
    storedBytesPerUserDay: 3 * KiB,
    reason: {
      en: 'browsing with pictures, and everybody at once when something is cheap',
      zh: '带图浏览；一有优惠大家同时来',
    },
  },
  booking: {
    requestsPerUserDay: 20,
    busiestHourShare: 0.2,
    burst: 5,
    answerBytes: 2 * KiB,
    fileBytesPerRequest: 2 * KiB,
    uploadsPerUserDay: 0.01,
    socketShare: 0,
    socketBytesPerSecond: 0,
    storedBytesPerUserDay: 2 * KiB,
    reason: {
      en: 'places open at a fixed hour, and then all come in that minute',
      zh: '定点放号，放号那一分钟大家都来',
    },
  },
  community: {
    requestsPerUserDay: 60,
    busiestHourShare: 0.12,
    burst: 3,
    answerBytes: 4 * KiB,
    fileBytesPerRequest: 20 * KiB,
    uploadsPerUserDay: 0.3,
    socketShare: 0.02,
    socketBytesPerSecond: 10,
    storedBytesPerUserDay: 6 * KiB,
    reason: {
      en: 'much scrolling, many pictures in both directions, a few who wait for replies',
      zh: '刷得多，图片有进有出，少数人在线等回复',
    },
  },
  chat: {
    requestsPerUserDay: 50,
    busiestHourShare: 0.12,
    burst: 3,
    answerBytes: 1.5 * KiB,
    fileBytesPerRequest: 4 * KiB,
    uploadsPerUserDay: 0.5,
    socketShare: 0.15,
    socketBytesPerSecond: 20,
    storedBytesPerUserDay: 20 * KiB,
    reason: {
      en: 'messages go over sockets that stay open; every message is a row',
      zh: '消息走常开的长连接；每条消息都是一行数据',
    },
  },
  live: {
    requestsPerUserDay: 40,
    busiestHourShare: 0.4,
    burst: 3,
    answerBytes: 1.5 * KiB,
    fileBytesPerRequest: 3 * KiB,
    uploadsPerUserDay: 0.01,
    socketShare: 0.35,
    socketBytesPerSecond: 200,
    storedBytesPerUserDay: 4 * KiB,
    reason: {
      en: 'all come when the stream begins and hold a socket; comments go to everyone. The video itself must not pass through this box',
      zh: '开播时一起来，人人占一条长连接，弹幕发给所有人。视频流本身不能经过这台机器',
    },
  },
};

/** A photo as WeChat's picker compresses it: 0.2 to 0.5 MB. Assumed. */
export const UPLOAD_BYTES: Bytes = 300 * KiB;

/** Where nobody says how many will come: what a new mini-program is glad to have. */
export const ASSUMED_DAU = 1000;

/**
 * From when the app has a request until it has answered. Most take a few milliseconds; logins and payments wait for
 * WeChat, 100 to 300 ms. Assumed.
 */
export const REQUEST_SECONDS = 0.05;
