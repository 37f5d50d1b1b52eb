import type { Metric } from '@maque/guard';

/** What became of a message. */
export type MessageResult =
  | 'sent'
  /** The user has no right left, as WeChat says. */
  | 'no-consent'
  /** A try failed; the job says whether there is another. */
  | 'failed'
  /** WeChat took it, and tells later that it did not arrive. */
  | 'undelivered';

/** Counts of this process, for metrics. */
export class MessageTally {
  readonly #counts = new Map<MessageResult, number>();

  note(result: MessageResult): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }

  metrics(): Metric[] {
    const samples = Array.from(this.#counts, ([result, value]) => ({ labels: { result }, value }));
    return [{ type: 'counter', name: 'maque_messages_total', help: 'Subscribe messages by result', samples }];
  }
}
