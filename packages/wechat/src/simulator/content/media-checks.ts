import { MiB, type Milliseconds, SECOND } from '@maque/kit';
import type { PushFields } from '../../push/push-message.ts';
import type { Agenda } from '../agenda.ts';
import { isLoopback } from '../is-loopback.ts';
import type { Pusher } from '../pusher/pusher.ts';
import { Refusal } from '../refusal.ts';
import { sendHttp } from '../send-http.ts';
import { judge } from './marker-words.ts';

const MAX_MEDIA_BYTES = 10 * MiB;
const DOWNLOAD_TIMEOUT: Milliseconds = 5 * SECOND;
const DOWNLOAD_FAILED = -1008;

// WeChat's limit of a minute is twice that.
const MAX_WAITING = 1_000;

interface MediaCheck {
  readonly traceId: string;
  readonly openid: string;
  readonly url: string;
}

interface MediaChecksOptions {
  readonly appId: string;
  /** How long a check takes; WeChat's take up to 30 minutes. */
  readonly delayMs: Milliseconds;
  readonly agenda: Agenda;
  readonly pusher: Pusher;
}

/** Checks of pictures and sounds, whose results come by push. */
export class MediaChecks {
  readonly #options: MediaChecksOptions;
  #waiting = 0;

  constructor(options: MediaChecksOptions) {
    this.#options = options;
  }

  /** @throws Refusal -1 when 1,000 wait already. */
  begin(check: MediaCheck): void {
    if (this.#waiting >= MAX_WAITING) throw new Refusal(-1);
    this.#waiting += 1;
    this.#options.agenda.in(this.#options.delayMs, () => {
      this.#waiting -= 1;
      void this.#finish(check);
    });
  }

  /** None of those that wait will come any more. */
  forget(): void {
    this.#waiting = 0;
  }

  async #finish(check: MediaCheck): Promise<void> {
    const errcode = (await this.#canDownload(check.url)) ? 0 : DOWNLOAD_FAILED;
    await this.#options.pusher.push(this.#result(check, errcode), { openid: check.openid });
  }

  #result({ traceId, url }: MediaCheck, errcode: number): PushFields {
    const { suggest, label } = judge(decodeURIComponentSafely(url));
    const head = {
      MsgType: 'event',
      Event: 'wxa_media_check',
      appid: this.#options.appId,
      trace_id: traceId,
      version: 2,
      errcode,
    };
    if (errcode !== 0) return { ...head, errmsg: 'download failed' };
    return {
      ...head,
      errmsg: 'ok',
      result: { suggest, label },
      detail: [{ strategy: 'content_model', errcode: 0, suggest, label, prob: suggest === 'pass' ? 10 : 90 }],
    };
  }

  /** Only what lies on this computer is really fetched; the simulator does not use the internet, and takes the rest for good. */
  async #canDownload(url: string): Promise<boolean> {
    if (!isLoopback(new URL(url).hostname)) return true;
    const { closing } = this.#options.pusher;
    const limits = { timeoutMs: DOWNLOAD_TIMEOUT, maxBytes: MAX_MEDIA_BYTES, keepBytes: 0, signal: closing };
    const { status, bytes } = await sendHttp({ url, method: 'GET' }, limits);
    return status === 200 && bytes > 0 && bytes <= MAX_MEDIA_BYTES;
  }
}

function decodeURIComponentSafely(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
