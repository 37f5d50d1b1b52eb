import type { Text } from '@maque/kit';

/** What is to be known of one API of WeChat beside its arguments. The reference of all calls is written from it. */
export interface ApiFacts {
  readonly method: 'GET' | 'POST';
  /** From the slash on: `/wxa/msg_sec_check`. */
  readonly path: string;
  /** What WeChat's documentation calls it: the name of its page. */
  readonly page: string;
  /** How it is called here: `client.content.checkText`. */
  readonly call: string;
  /** What it does, in one line. */
  readonly summary: Text;
  /** The errcodes that its page lists or that are seen in practice; what each means stands in the table of errcodes. */
  readonly errcodes: readonly number[];
}
