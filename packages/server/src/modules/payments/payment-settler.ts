import type { PayClient, Transaction } from '@maque/wechat';
import { isPayFault } from './pay-faults.ts';
import type { PaymentBooks } from './payment-books.ts';
import type { PaymentRow } from './payment-schema.ts';

export interface PaymentSettlerOptions {
  readonly pay: Pick<PayClient, 'query' | 'close'>;
  readonly books: PaymentBooks;
}

/** Asks WeChat Pay how a payment stands, and books what it says. Its methods throw WechatPayError, and as the books do. */
export class PaymentSettler {
  readonly #options: PaymentSettlerOptions;

  constructor(options: PaymentSettlerOptions) {
    this.#options = options;
  }

  /** Books what WeChat Pay knows of a payment. */
  async ask({ outTradeNo }: PaymentRow): Promise<void> {
    const { pay, books } = this.#options;
    const facts = await pay.query({ outTradeNo });
    // Unknown while nobody has asked for a prepay id.
    if (facts !== undefined) await books.entry((entry) => books.transaction(entry, facts));
  }

  /** Ends a payment, or books it as paid if somebody just has paid. */
  async close(row: PaymentRow): Promise<void> {
    const { books } = this.#options;
    if (await this.endAtWechat(row)) await books.entry((entry) => books.closed(entry, row));
  }

  /** Sees to it that nobody can pay any more, which is still to be booked; false when it is paid, which is booked. */
  async endAtWechat({ outTradeNo }: PaymentRow): Promise<boolean> {
    const { pay } = this.#options;
    const facts = await pay.query({ outTradeNo });
    if (facts !== undefined && isPaid(facts)) return this.#bookPaid(facts);
    if (facts?.tradeState === 'CLOSED' || facts?.tradeState === 'REVOKED') return true;
    try {
      await pay.close(outTradeNo);
      return true;
    } catch (error) {
      if (isPayFault(error, 'WECHAT_PAY_NOT_FOUND')) return true;
      if (!isPayFault(error, 'WECHAT_PAY_ALREADY_PAID')) throw error;
      const paid = await pay.query({ outTradeNo });
      if (paid === undefined || !isPaid(paid)) throw error;
      return this.#bookPaid(paid);
    }
  }

  async #bookPaid(facts: Transaction): Promise<false> {
    const { books } = this.#options;
    await books.entry((entry) => books.transaction(entry, facts));
    return false;
  }
}

function isPaid({ tradeState }: Transaction): boolean {
  return tradeState === 'SUCCESS' || tradeState === 'REFUND';
}
