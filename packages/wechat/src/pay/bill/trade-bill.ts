import { createHash, type Hash } from 'node:crypto';
import { demand } from '../check-request.ts';
import { payFailure } from '../errors/wechat-pay-error.ts';
import { TRADE_BILL } from '../pay-api-facts.ts';
import type { PayCalls } from '../pay-calls.ts';
import type { BillRow } from '../pay-types.ts';
import type { PayFields } from '../transport/read-fields.ts';
import { BillFault, billLines } from './bill-lines.ts';
import { billRows } from './bill-rows.ts';
import { unpacked } from './unpacked.ts';

export interface BillCalls extends PayCalls {
  /** The bytes of a file, as they come. @throws WechatPayError */
  readonly download: (pathAndQuery: string) => AsyncIterable<Uint8Array>;
}

/**
 * The rows of a day's bill, with no more of it in memory than what was received last. Its hash can be known at its end
 * only: what was made of the rows counts once the loop has ended without an error.
 * @param date `2026-01-01`, a day in China. The bill is there from 10:00 of the next day on, for three months.
 * @throws WechatPayError: `WECHAT_PAY_BILL_NOT_THERE`; `WECHAT_PAY_BILL_DAMAGED` when it is not what was announced.
 */
export async function* tradeBill(calls: BillCalls, date: string): AsyncGenerator<BillRow> {
  demand(TRADE_BILL.path, [
    {
      path: 'date',
      met: isDate(date),
      issue: { en: 'a date such as 2026-01-01', zh: '应为日期，如 2026-01-01' },
    },
  ]);
  const parameters = { bill_date: date, bill_type: 'ALL', tar_type: 'GZIP' };
  const announced = readAnnouncement(await calls.call({ api: TRADE_BILL, parameters }));
  const hash = createHash('sha1');
  try {
    // The host is ours, not the one that the answer names: so it works through a proxy, and no other gets our signature.
    yield* billRows(billLines(hashing(unpacked(calls.download(announced.pathAndQuery)), hash)));
  } catch (error) {
    const found = faultOf(error);
    if (found === undefined) throw error;
    throw damaged(date, found);
  }
  if (hash.digest('hex') !== announced.hash) throw damaged(date, 'another SHA-1');
}

/** Announced is the hash of the bill itself, unpacked. */
async function* hashing(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

function readAnnouncement({ download_url: url, hash_type: type, hash_value: hash }: PayFields) {
  if (typeof url !== 'string' || !URL.canParse(url)) throw unreadable('JSON without download_url');
  if (type !== 'SHA1') throw unreadable('a hash that is not SHA1');
  if (typeof hash !== 'string') throw unreadable('JSON without hash_value');
  const { pathname, search } = new URL(url);
  return { pathAndQuery: pathname + search, hash: hash.toLowerCase() };
}

/** What is wrong with the bill itself, and not with the connection. */
function faultOf(error: unknown): string | undefined {
  if (error instanceof BillFault) return error.found;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') ? `a broken gzip (${code})` : undefined;
}

/** A day that exists: February 30 would be taken for March 2. */
function isDate(text: string): boolean {
  const epochMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text);
}

function damaged(date: string, found: string): Error {
  return payFailure('WECHAT_PAY_BILL_DAMAGED', TRADE_BILL.path, { date, found });
}

function unreadable(found: string): Error {
  return payFailure('WECHAT_PAY_ANSWER_UNREADABLE', TRADE_BILL.path, { httpStatus: 200, found });
}
