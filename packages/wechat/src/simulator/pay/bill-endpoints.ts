import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DAY, HOUR } from '@maque/kit';
import { checkFields } from './check-fields.ts';
import { chinaDayStart } from './china-time.ts';
import { BillFile, type PayHandler } from './pay-call.ts';
import { refuse } from './pay-refusal.ts';
import type { PayWorld } from './pay-world.ts';
import { billRules } from './request-rules.ts';
import { type BillType, tradeBill } from './trade-bill.ts';

// A day's bill is there at 10 in the morning after.
const READY_AFTER = DAY + 10 * HOUR;

export const BILL_FILE_PATH = '/v3/billdownload/file';

export const handleTradeBill: PayHandler = ({ query, origin }, world) => {
  checkFields(query, billRules, 'query');
  const { bill_date: date = '', bill_type: type = 'ALL', tar_type: packing = '' } = query;
  const dayStart = chinaDayStart(date);
  if (Number.isNaN(dayStart)) throw refuse('field wrong', { field: '/query/bill_date', issue: '日期不存在' });
  if (world.clock.now() < dayStart + READY_AFTER) throw refuse('bill not ready');
  const text = billText(world, date, type as BillType);
  const what = `${date}.${type}.${packing}`;
  const token = `${what}.${proofOf(what, world)}`;
  return {
    hash_type: 'SHA1',
    // Of what is in the file, also when it comes packed.
    hash_value: hash('sha1', text),
    download_url: `${origin}${BILL_FILE_PATH}?token=${token}`,
  };
};

export const handleBillFile: PayHandler = ({ query }, world) => {
  const [date = '', type = '', packing = '', proof = ''] = (query.token ?? '').split('.');
  const expected = Buffer.from(proofOf(`${date}.${type}.${packing}`, world));
  const given = Buffer.from(proof);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refuse('resource unknown');
  }
  const text = billText(world, date, type as BillType);
  return new BillFile(packing === 'GZIP' ? gzipSync(text) : Buffer.from(text));
};

function billText(world: PayWorld, date: string, type: BillType): string {
  const text = tradeBill(world, date, type);
  if (text === undefined) throw refuse('bill empty');
  return text;
}

/** The token needs nothing remembered: it says what the file is, and proves who said so. */
function proofOf(what: string, { keyring }: PayWorld): string {
  return createHmac('sha256', keyring.keys.apiV3Key).update(`bill ${what}`).digest('hex');
}
