import type { PushFormat, PushMode } from '../../push/index.ts';
import { invalid } from '../control-errors.ts';

/** Where pushes go, and how: what stands in WeChat's console under message push. */
export interface PushTarget {
  /** `http://127.0.0.1:8080/api/wechat/push` */
  readonly url: string;
  /** 3 to 32 letters and digits. */
  readonly token: string;
  /** 43 letters and digits; not needed for the mode `plain`. */
  readonly encodingAesKey?: string;
  /** `safe` with a key, `plain` without one, unless told. */
  readonly mode?: PushMode;
  /** `json` unless told. */
  readonly format?: PushFormat;
}

/** A target with everything decided. */
export type ResolvedPushTarget = Required<Omit<PushTarget, 'encodingAesKey'>> &
  Pick<PushTarget, 'encodingAesKey'>;

const FIELDS: ReadonlySet<string> = new Set(['url', 'token', 'encodingAesKey', 'mode', 'format']);

/** @throws CodedError `SIM_REQUEST_INVALID` with what is wrong. */
export function resolvePushTarget(target: PushTarget): ResolvedPushTarget {
  const unknown = Object.keys(target).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) throw invalid(`a push target has no ${unknown}`);
  const { url, token, encodingAesKey, format = 'json' } = target;
  const { mode = encodingAesKey === undefined ? 'plain' : 'safe' } = target;
  if (typeof url !== 'string' || url.length > 2_048 || !isHttp(url)) {
    throw invalid('url must be an http or https address');
  }
  if (typeof token !== 'string' || !/^[\dA-Za-z]{3,32}$/.test(token)) {
    throw invalid('token must be 3 to 32 letters or digits, as in WeChat’s console');
  }
  if (mode !== 'plain' && mode !== 'compatible' && mode !== 'safe') {
    throw invalid('mode must be plain, compatible or safe');
  }
  if (format !== 'json' && format !== 'xml') throw invalid('format must be json or xml');
  if (mode === 'plain') return { url, token, mode, format };
  if (typeof encodingAesKey !== 'string' || !/^[\dA-Za-z]{43}$/.test(encodingAesKey)) {
    throw invalid(`encodingAesKey must be 43 letters or digits in the mode ${mode}`);
  }
  return { url, token, encodingAesKey, mode, format };
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
