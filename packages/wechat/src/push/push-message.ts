/** What WeChat pushes to a server: what users do and write, and what became of earlier calls. In one shape for all modes and formats. */
export interface PushMessage {
  /** The original id of the mini-program (`gh_…`). */
  readonly toUser: string;
  /** The openid of the user, or the id of a system of WeChat. */
  readonly fromUser: string;
  /** Ms since the epoch. */
  readonly createdAtMs: number;
  /** `event`, `text`, `image`, `miniprogrampage` … */
  readonly msgType: string;
  /** Empty for messages of users. */
  readonly event: string;
  /** The same for each delivery of the same message: what is remembered to tell repetitions. At most 80 characters. */
  readonly key: string;
  /**
   * All other fields by WeChat's names, as nested plain values: numbers may be text (those beyond 2^53 always are), and a
   * `List` or a `detail` is always an array.
   */
  readonly fields: PushFields;
}

export type PushFields = Readonly<Record<string, PushValue>>;

export type PushValue =
  | string
  | number
  | boolean
  | null
  | readonly PushValue[]
  | { readonly [name: string]: PushValue };

export type PushFormat = 'json' | 'xml';

/** A message as it came in. */
export interface ReceivedPush extends PushMessage {
  /** How it came: an answer with content goes back the same way. */
  readonly delivery: PushDelivery;
}

export interface PushDelivery {
  readonly format: PushFormat;
  readonly encrypted: boolean;
  /** That it was believed for. */
  readonly signature: string;
}

/** The account that pushes come for, with what stands in WeChat's console under message push. */
export interface PushAccount {
  readonly appId: string;
  readonly token: string;
  /** 43 characters. */
  readonly encodingAesKey?: string;
}
