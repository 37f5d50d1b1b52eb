import { BILL_FILE_PATH, handleBillFile, handleTradeBill } from './bill-endpoints.ts';
import { handleCertificates } from './certificate-endpoint.ts';
import type { PayHandler } from './pay-call.ts';
import { handlePrepay } from './prepay-endpoint.ts';
import { handleQueryRefund, handleRefund } from './refund-endpoints.ts';
import { handleClose, handleQueryByNumber, handleQueryByTransaction } from './transaction-endpoints.ts';

interface PayRoute {
  readonly method: 'GET' | 'POST';
  /** `{number}` stands for one part of the path. */
  readonly path: string;
  readonly handle: PayHandler;
}

const ROUTES: readonly PayRoute[] = [
  { method: 'POST', path: '/v3/pay/transactions/jsapi', handle: handlePrepay },
  { method: 'GET', path: '/v3/pay/transactions/out-trade-no/{number}', handle: handleQueryByNumber },
  { method: 'GET', path: '/v3/pay/transactions/id/{number}', handle: handleQueryByTransaction },
  { method: 'POST', path: '/v3/pay/transactions/out-trade-no/{number}/close', handle: handleClose },
  { method: 'POST', path: '/v3/refund/domestic/refunds', handle: handleRefund },
  { method: 'GET', path: '/v3/refund/domestic/refunds/{number}', handle: handleQueryRefund },
  { method: 'GET', path: '/v3/certificates', handle: handleCertificates },
  { method: 'GET', path: '/v3/bill/tradebill', handle: handleTradeBill },
  { method: 'GET', path: BILL_FILE_PATH, handle: handleBillFile },
];

/** The route of a request, with what its `{number}` is; undefined when WeChat Pay has nothing there. */
export function findPayRoute(
  method: string,
  path: string,
): { readonly handle: PayHandler; readonly number: string } | undefined {
  const parts = path.split('/');
  for (const route of ROUTES) {
    const number = route.method === method ? matchParts(route.path.split('/'), parts) : undefined;
    if (number !== undefined) return { handle: route.handle, number };
  }
  return undefined;
}

/** What stands in place of `{number}`, empty when there is none; undefined when the paths differ. */
function matchParts(wanted: readonly string[], given: readonly string[]): string | undefined {
  if (wanted.length !== given.length) return undefined;
  let number = '';
  for (const [index, part] of wanted.entries()) {
    const there = given[index] ?? '';
    if (part === '{number}') number = decode(there);
    else if (part !== there) return undefined;
  }
  return number;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
