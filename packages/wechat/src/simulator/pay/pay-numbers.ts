import { randomBytes, randomInt } from 'node:crypto';
import { chinaBillTime, chinaDate } from './china-time.ts';

const TEN_DIGITS = 10_000_000_000;

/** `wx`, the second in China, 20 hexadecimal digits: 36 characters. */
export function createPrepayId(epochMs: number): string {
  return `wx${digitsOf(chinaBillTime(epochMs))}${randomBytes(10).toString('hex')}`;
}

/** Makes numbers in the shape of WeChat's, none of them twice. */
export class PayNumbers {
  // Random at first, so that those of two runs differ.
  #last = randomInt(TEN_DIGITS);

  /** 28 digits. */
  transactionId(epochMs: number): string {
    return `4200002${this.#next()}${digitsOf(chinaDate(epochMs))}`.padEnd(28, '7');
  }

  /** 29 digits. */
  refundId(epochMs: number): string {
    return `50300002${this.#next()}${digitsOf(chinaDate(epochMs))}`.padEnd(29, '7');
  }

  #next(): string {
    this.#last = (this.#last + 1) % TEN_DIGITS;
    return String(this.#last).padStart(10, '0');
  }
}

function digitsOf(time: string): string {
  return time.replaceAll(/\D/g, '');
}
