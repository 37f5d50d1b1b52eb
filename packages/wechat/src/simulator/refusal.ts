import { randomBytes } from 'node:crypto';
import { errmsgOf } from './errmsgs.ts';

/** The simulator says no as WeChat would. */
export class Refusal extends Error {
  readonly errcode: number;
  /** Instead of the sentence that the errcode has anyway: which field is wrong. */
  readonly sentence: string | undefined;

  constructor(errcode: number, sentence?: string) {
    super(`errcode ${errcode}`);
    this.name = 'Refusal';
    this.errcode = errcode;
    this.sentence = sentence;
  }
}

/** What goes over the wire for a refusal. */
interface RefusalAnswer {
  readonly errcode: number;
  readonly errmsg: string;
}

/** Writes a refusal out; the request id ends the sentence, as it does at WeChat. */
export function writeRefusal(
  { errcode, sentence }: Pick<Refusal, 'errcode' | 'sentence'>,
  rid: string,
  callerIp: string,
): RefusalAnswer {
  const said = sentence ?? errmsgOf(errcode).replaceAll('{ip}', callerIp);
  return { errcode, errmsg: `${said} rid: ${rid}` };
}

/** A request id in WeChat's shape: the time in seconds, then noise. */
export function createRid(nowEpochMs: number): string {
  const seconds = Math.floor(nowEpochMs / 1000).toString(16);
  const noise = randomBytes(8).toString('hex');
  return `${seconds.padStart(8, '0')}-${noise.slice(0, 8)}-${noise.slice(8)}`;
}
