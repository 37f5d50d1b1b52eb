import type { PayWorld } from './pay-world.ts';

/** A call of WeChat Pay whose signature was right. */
interface PayCall {
  /** What the `{…}` of the path stand for, decoded. */
  readonly number: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined for GET. */
  readonly body: unknown;
  /** Under which address the caller knows the simulator: `http://127.0.0.1:8082` */
  readonly origin: string;
}

/** A file; WeChat does not sign these. */
export class BillFile {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Fields of a JSON answer; undefined for 204. */
export type PayAnswer = Readonly<Record<string, unknown>> | BillFile | undefined;

/** Does what WeChat Pay does and gives its answer. @throws PayRefusal when WeChat Pay would. */
export type PayHandler = (call: PayCall, world: PayWorld) => PayAnswer;
