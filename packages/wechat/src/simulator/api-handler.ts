import type { World } from './world.ts';

/** A call of WeChat's API as it reaches a handler; `body` is empty for GET. */
export interface ApiCall {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer that is no JSON. */
export class Picture {
  readonly contentType: string;
  readonly bytes: Uint8Array;

  constructor(contentType: string, bytes: Uint8Array) {
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

/** The fields of a JSON answer; `errcode` 0 and `errmsg` are added where WeChat sends them. */
export type ApiAnswer = Readonly<Record<string, unknown>> | Picture;

/** Does what WeChat does and gives its answer. @throws Refusal when WeChat would. */
export type ApiHandler = (call: ApiCall, world: World) => ApiAnswer;
