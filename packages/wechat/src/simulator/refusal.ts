import { randomBytes } from 'node:crypto';

// WeChat's own sentences, which nobody may rely on: clients decide by the number.
const ERRMSGS: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40066: 'invalid url',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist',
  40226: 'code blocked',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  44990: 'reach max api second frequence limit',
  44991: 'reach max api minute frequence limit',
  45002: 'content size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  87007: 'session_key is not existed or expired',
  87008: 'invalid sig_method',
  87009: 'invalid signature',
  89503: 'the ip has not been confirmed by the administrator',
  89506: 'the ip was refused by the administrator, retry in 24 hours',
  89507: 'the ip was refused by the administrator, retry in 1 hour',
};

/** The simulator says no as WeChat would. */
export class Refusal extends Error {
  readonly errcode: number;

  constructor(errcode: number) {
    super(`errcode ${errcode}`);
    this.name = 'Refusal';
    this.errcode = errcode;
  }
}

/** What goes over the wire for a refusal. */
interface RefusalAnswer {
  readonly errcode: number;
  readonly errmsg: string;
}

/** Writes a refusal out; the request id ends the sentence, as it does at WeChat. */
export function writeRefusal(errcode: number, rid: string, callerIp: string): RefusalAnswer {
  const sentence = (ERRMSGS[errcode] ?? 'refused').replaceAll('{ip}', callerIp);
  return { errcode, errmsg: `${sentence} rid: ${rid}` };
}

/** A request id in WeChat's shape: the time in seconds, then noise. */
export function createRid(nowEpochMs: number): string {
  const seconds = Math.floor(nowEpochMs / 1000).toString(16);
  const noise = randomBytes(8).toString('hex');
  return `${seconds.padStart(8, '0')}-${noise.slice(0, 8)}-${noise.slice(8)}`;
}
