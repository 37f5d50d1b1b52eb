import type { World } from './world.ts';

/** A call of WeChat's API as it reaches a handler; `body` is empty for GET. */
export interface ApiCall {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Does what WeChat does and gives its answer. @throws Refusal when WeChat would. */
export type ApiHandler = (call: ApiCall, world: World) => Readonly<Record<string, unknown>>;
