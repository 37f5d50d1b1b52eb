import type { BillRow } from '../pay-types.ts';
import { BillFault } from './bill-lines.ts';
import { yuanToFen } from './yuan.ts';

// Where the summary of the last two lines begins.
const SUMMARY = '总交易单数';

// What the merchant or a user wrote, which may hold what separates columns; the columns behind are counted from the end.
const FREE_TEXT = '商品名称';

/** The columns that are read, by their names in the first line: WeChat Pay adds others from time to time. */
interface Columns {
  readonly names: readonly string[];
  readonly freeText: number;
}

/**
 * The rows of a trade bill of kind ALL, from its lines: a line of names, the rows, and a summary of two lines.
 * @throws BillFault when a row cannot be read or the bill ends before its summary, or counts other rows than it has.
 */
export async function* billRows(lines: AsyncIterable<string>): AsyncGenerator<BillRow> {
  let columns: Columns | undefined;
  let rows = 0;
  let summaryComes = false;
  let counted: number | undefined;
  for await (const line of lines) {
    if (columns === undefined) columns = readColumns(line);
    else if (summaryComes) counted ??= Number(splitRow(line)[0]);
    else if (line.startsWith(SUMMARY)) summaryComes = true;
    else {
      rows += 1;
      yield readRow(splitRow(line), columns);
    }
  }
  if (counted === undefined) throw new BillFault('no summary: it is cut off');
  if (counted !== rows) throw new BillFault(`${rows} rows and a summary that counts ${counted}`);
}

function readColumns(line: string): Columns {
  const names = line.split(',').map((name) => name.trim());
  const freeText = names.indexOf(FREE_TEXT);
  return { names, freeText: freeText === -1 ? names.length : freeText };
}

/** Each field has a backquote in front, so that spreadsheets do not take numbers of orders for amounts. */
function splitRow(line: string): readonly string[] {
  return line.replace(/^`/, '').split(',`');
}

function readRow(fields: readonly string[], columns: Columns): BillRow {
  const tooMany = fields.length - columns.names.length;
  if (tooMany < 0)
    throw new BillFault(`a row of ${fields.length} columns instead of ${columns.names.length}`);
  const text = (name: string) => {
    const index = columns.names.indexOf(name);
    const field = fields[index <= columns.freeText ? index : index + tooMany];
    if (index === -1 || field === undefined) throw new BillFault(`no column ${name}`);
    return field;
  };
  const fen = (name: string) => {
    const amount = yuanToFen(text(name));
    if (amount === undefined) throw new BillFault(`an amount that is none in column ${name}`);
    return amount;
  };
  const tradeState = text('交易状态');
  return {
    kind: tradeState === 'REFUND' ? 'refund' : 'payment',
    appId: text('公众账号ID'),
    transactionId: text('微信订单号'),
    outTradeNo: text('商户订单号'),
    atMs: readTime(text('交易时间')),
    tradeState,
    // What was asked for; the other column is less by coupons that the merchant bears. Bills before 2019 have only that.
    amountFen: fen(columns.names.includes('订单金额') ? '订单金额' : '应结订单金额'),
    outRefundNo: orNothing(text('商户退款单号')),
    refundId: orNothing(text('微信退款单号')),
    refundFen: fen(columns.names.includes('申请退款金额') ? '申请退款金额' : '退款金额'),
  };
}

/** `2026-01-01 00:00:05`, in China's time. */
function readTime(text: string): number {
  const epochMs = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T')}+08:00`)
    : Number.NaN;
  if (Number.isNaN(epochMs)) throw new BillFault('a time that is none');
  return epochMs;
}

/** Payments have `0` or nothing where refunds have a number. */
function orNothing(number: string): string {
  return number === '0' ? '' : number;
}
