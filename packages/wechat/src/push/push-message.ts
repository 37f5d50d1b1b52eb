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
  /** The same for each delivery of the same message: what is remembered to tell repetitions. */
  readonly key: string;
  /** All other fields by WeChat's names, as nested plain values: numbers may be text, and a `List` is always an array. */
  readonly fields: Readonly<Record<string, PushValue>>;
}

export type PushValue =
  | string
  | number
  | boolean
  | null
  | readonly PushValue[]
  | { readonly [name: string]: PushValue };
