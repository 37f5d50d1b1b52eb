import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BillRow } from '../pay-types.ts';
import { collect, MCH_ID, payFailureOf, type Reply, servePay } from '../with-pay-server.fixture.ts';
import { billLines } from './bill-lines.ts';
import { billRows } from './bill-rows.ts';
import { unpacked } from './unpacked.ts';
import { yuanToFen } from './yuan.ts';

const DATE = '2026-01-01';
const HEADINGS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMMARY =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

interface Entry {
  readonly state: string;
  readonly number: string;
  readonly total: string;
  readonly refund?: { readonly number: string; readonly amount: string };
  readonly name?: string;
}

const line = ({ state, number, total, refund, name = '麻雀 T恤' }: Entry) =>
  [
    ...[
      '2026-01-01 09:30:00',
      'wxd678efh567hg6787',
      MCH_ID,
      '0',
      '',
      `42000${number}`,
      number,
      'oUpF8uMu',
      'JSAPI',
      state,
    ],
    ...[
      'OTHERS',
      'CNY',
      total,
      '0.00',
      refund === undefined ? '0' : `50000${refund.number}`,
      refund?.number ?? '0',
    ],
    ...[
      refund?.amount ?? '0',
      '0',
      refund === undefined ? '' : 'ORIGINAL',
      refund === undefined ? '' : 'PROCESSING',
    ],
    ...[name, 'cart=7', '0.00000', '0.60%', total, refund?.amount ?? '0.00', ''],
  ]
    .map((field) => `\`${field}`)
    .join(',');

const billOf = (entries: readonly Entry[], counted = entries.length) =>
  `\uFEFF${[HEADINGS, ...entries.map(line), SUMMARY, `\`${counted},\`0.0`].join('\r\n')}\r\n`;

const entries: readonly Entry[] = [
  { state: 'SUCCESS', number: 'order_1', total: '12.80' },
  { state: 'SUCCESS', number: 'order_2', total: '0.1', name: '茶,两杯,`热`' },
  { state: 'REFUND', number: 'order_1', total: '0', refund: { number: 'refund_1', amount: '2.8' } },
];

/** A WeChat Pay with one bill, packed or not. */
async function withBill(file: string | Uint8Array, announced: object = {}, download: Partial<Reply> = {}) {
  const text = typeof file === 'string' ? file : '';
  const pay = await servePay(({ url }) => {
    if (url.startsWith('/v3/billdownload/file?token=abc')) return { body: file, signing: null, ...download };
    const answer = {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(text).digest('hex'),
      download_url: 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=abc%3D',
      ...announced,
    };
    return { body: JSON.stringify(answer) };
  });
  const client = pay.createClient();
  const read = async (): Promise<BillRow[]> => collect(client.tradeBill(DATE));
  return { ...pay, client, read, [Symbol.asyncDispose]: pay.close };
}

describe("a day's bill", () => {
  const text = billOf(entries);

  it.each([
    ['as it is', text],
    ['packed', gzipSync(text)],
  ])('is read %s, to the fen, whatever people wrote into it', async (_, file) => {
    const hash_value = createHash('sha1').update(text).digest('hex');
    await using pay = await withBill(file, { hash_value });
    const atMs = Date.parse('2026-01-01T01:30:00Z');
    const appId = 'wxd678efh567hg6787';
    const payment = {
      kind: 'payment',
      appId,
      atMs,
      tradeState: 'SUCCESS',
      outRefundNo: '',
      refundId: '',
      refundFen: 0,
    };
    expect(await pay.read()).toEqual([
      { ...payment, transactionId: '42000order_1', outTradeNo: 'order_1', amountFen: 1280 },
      { ...payment, transactionId: '42000order_2', outTradeNo: 'order_2', amountFen: 10 },
      {
        kind: 'refund',
        appId,
        transactionId: '42000order_1',
        outTradeNo: 'order_1',
        atMs,
        tradeState: 'REFUND',
        amountFen: 0,
        outRefundNo: 'refund_1',
        refundId: '50000refund_1',
        refundFen: 280,
      },
    ]);
    expect(pay.received.map(({ url, signatureHolds }) => [url, signatureHolds])).toEqual([
      ['/v3/bill/tradebill?bill_date=2026-01-01&bill_type=ALL&tar_type=GZIP', true],
      ['/v3/billdownload/file?token=abc%3D', true],
    ]);
    expect(pay.reports.map(({ path, failure }) => [path, failure])).toEqual([
      ['/v3/bill/tradebill', null],
      ['/v3/billdownload/file', null],
    ]);
  });

  it.each<[string, string | Uint8Array, object, string]>([
    ['another hash', text, { hash_value: '0'.repeat(40) }, 'another SHA-1'],
    ['a cut-off end', text.slice(0, text.indexOf('总交易')), {}, 'no summary'],
    ['a row less than it counts', billOf(entries, 4), {}, '3 rows and a summary that counts 4'],
    ['a row of too few columns', text.replace(',`OTHERS', ''), {}, '26 columns instead of 27'],
    [
      'an amount that is none',
      text.replaceAll('`12.80', '`12.8O'),
      {},
      'an amount that is none in column 订单金额',
    ],
    ['a time that is none', text.replace('2026-01-01 09', '2026-01-01T09'), {}, 'a time that is none'],
    ['a column missing', text.replace('商户订单号', '订单号'), {}, 'no column 商户订单号'],
    ['an endless line', `${HEADINGS}\n\`${'x'.repeat(20_000)}`, {}, 'more than 16384'],
    ['half a gzip', gzipSync(text).subarray(0, 200), {}, 'a broken gzip'],
  ])('with %s is damaged, and an operator told', async (_, file, announced, found) => {
    await using pay = await withBill(file, announced);
    const error = await payFailureOf(pay.read());
    expect(error).toMatchObject({ code: 'WECHAT_PAY_BILL_DAMAGED', data: { date: DATE } });
    expect(error.data.found).toContain(found);
    expect(pay.alerts).toEqual([error]);
  });

  it('that is not there says when it will be', async () => {
    await using pay = await servePay(() => ({ status: 400, body: '{"code":"NO_STATEMENT_EXIST"}' }));
    const error = await payFailureOf(collect(pay.createClient().tradeBill(DATE)));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_BILL_NOT_THERE', wechatCode: 'NO_STATEMENT_EXIST' });
    expect(error.adviceIn('en')).toContain('10:00');
  });

  it.each(['2026-02-30', '2026-1-1', '', '2026-01-01&bill_type=REFUND'])(
    'of %j is not asked for',
    async (date) => {
      await using pay = await servePay(() => ({}));
      const error = await payFailureOf(collect(pay.createClient().tradeBill(date)));
      expect(error.code).toBe('WECHAT_PAY_CALL_INVALID');
      expect(pay.received).toEqual([]);
    },
  );

  it('whose download is refused or breaks off is an error of its own', async () => {
    const refused = { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS","message":"文件过期"}' };
    await using pay = await withBill(text, {}, refused);
    expect(await payFailureOf(pay.read())).toMatchObject({ code: 'WECHAT_PAY_NOT_FOUND', said: '文件过期' });
    await using cut = await withBill(text, {}, { headers: { 'content-length': '1000000' } });
    const impatient = cut.createClient({ timeoutMs: 200 });
    expect((await payFailureOf(collect(impatient.tradeBill(DATE)))).code).toMatch(
      /^WECHAT_PAY_(TIMED_OUT|UNREACHABLE)$/,
    );
  });

  it('is read while it comes: little more is taken than what was asked for', async () => {
    const row = `${line({ state: 'SUCCESS', number: 'order_1', total: '1.00' })}\n`;
    const rows = 100_000;
    const large = `${HEADINGS}\n${row.repeat(rows)}${SUMMARY}\n\`${rows},\`0.0\n`;
    // Not compressed well, so that there is something to be taken.
    for (const file of [Buffer.from(large), gzipSync(large, { level: 0 })]) {
      let taken = 0;
      async function* chunks() {
        for (let at = 0; at < file.length; at += 65_536) {
          const chunk = file.subarray(at, at + 65_536);
          taken += chunk.length;
          yield chunk;
        }
      }
      let read = 0;
      let mostAhead = 0;
      for await (const { amountFen } of billRows(billLines(unpacked(chunks())))) {
        read += amountFen / 100;
        mostAhead = Math.max(mostAhead, taken - read * Buffer.byteLength(row));
      }
      expect([read, taken]).toEqual([rows, file.length]);
      expect(mostAhead).toBeLessThan(1_000_000);
    }
  });

  it('may be left in the middle: the connection is given back', async () => {
    await using pay = await withBill(billOf(Array.from({ length: 50_000 }, () => entries[0] as Entry)));
    for await (const row of pay.client.tradeBill(DATE)) {
      expect(row.amountFen).toBe(1280);
      break;
    }
    expect(pay.alerts).toEqual([]);
  });
});

describe('yuan', () => {
  it('become fen exactly, for every amount there can be', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.boolean(), (fen, short) => {
        const [yuan, cents] = [Math.floor(fen / 100), String(fen % 100).padStart(2, '0')];
        const text = short ? `${yuan}.${cents}`.replace(/\.?0+$/, '') || '0' : `${yuan}.${cents}`;
        expect(yuanToFen(short && cents === '00' ? String(yuan) : text)).toBe(fen);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['0', 0],
    ['0.0', 0],
    ['0.07', 7],
    ['1.10', 110],
    ['4.35000', 435],
    ['999999999999.99', 99_999_999_999_999],
    ['1.005', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['1,000.00', undefined],
    ['.5', undefined],
  ])('%s: %s fen', (text, fen) => {
    expect(yuanToFen(text)).toBe(fen);
  });
});

describe('lines', () => {
  it('are the same however the bytes are cut', async () => {
    const text = '\uFEFF商户,`麻雀🐦\r\n`一\n\n`末';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 9 }), async (cuts) => {
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
        const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const lines = await collect(
          billLines(
            (async function* () {
              yield* parts;
            })(),
          ),
        );
        expect(lines).toEqual(['商户,`麻雀🐦', '`一', '', '`末']);
      }),
    );
  });
});
