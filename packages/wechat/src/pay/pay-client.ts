import type { BillCalls } from './bill/trade-bill.ts';
import { WechatPayError } from './errors/wechat-pay-error.ts';
import { fetchCertificates } from './keys/platform-certificate.ts';
import { PlatformKeys } from './keys/platform-keys.ts';
import { readNotification } from './notification.ts';
import { DOWNLOAD_BILL } from './pay-api-facts.ts';
import { type PayClientOptions, readPayOptions } from './pay-options.ts';
import type { PayClient } from './pay-types.ts';
import { paymentParameters, prepay } from './prepay.ts';
import { queryRefund, refundTransaction } from './refunds.ts';
import { disbelieve } from './signature/verify.ts';
import { closeTransaction, queryTransaction } from './transactions.ts';
import { Hosts } from './transport/hosts.ts';
import { createPayCaller } from './transport/pay-caller.ts';
import { download } from './transport/pay-download.ts';

/**
 * A client of WeChat Pay v3 for one merchant and one mini-program.
 * @throws TypeError when an option cannot be right, CodedError of `payKeyErrors` for a key. Neither quotes a secret.
 */
export function createPayClient(options: PayClientOptions): PayClient {
  const setup = readPayOptions(options);
  const { appId, mchId, clock, publicKeys, apiV3Key, signer } = setup;
  const now = () => clock.now();
  const tell = (error: unknown) => {
    if (error instanceof WechatPayError && error.alert) setup.onAlert(error);
  };
  const callerOptions = {
    ...setup,
    hosts: new Hosts(setup.baseUrl, setup.backupBaseUrl, clock),
    answerSerial: () => keys.preferred(),
  };
  const caller = createPayCaller(callerOptions);
  const keys: PlatformKeys = new PlatformKeys({
    publicKeys,
    fetchCertificates: () =>
      fetchCertificates({ call: caller, apiV3Key, publicKey: (id) => publicKeys.get(id), now }),
    onFault: (error) => {
      // Who has the public key has no certificates as a rule, and anybody may send a message that names one.
      const isNone = error instanceof WechatPayError && error.wechatCode === 'RESOURCE_NOT_EXISTS';
      if (publicKeys.size === 0 || !isNone) tell(error);
    },
    clock,
  });
  const findKey = (serial: string) => keys.find(serial);
  const calls: BillCalls = {
    appId,
    mchId,
    notifyUrl: setup.notifyUrl,
    clock,
    call: (request) => caller(request, (answer) => disbelieve(answer, now(), findKey)),
    download: (pathAndQuery) => download(DOWNLOAD_BILL, pathAndQuery, callerOptions),
  };
  const reader = { appId, mchId, apiV3Key, maxBytes: setup.maxAnswerBytes, clock, findKey };
  const told = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      tell(error);
      throw error;
    }
  };

  return {
    appId,
    mchId,
    prepay: (request) => told(prepay(calls, request)),
    paymentParameters: (prepayId) => paymentParameters(prepayId, { appId, signer, nowMs: now() }),
    query: (key) => told(queryTransaction(calls, key)),
    close: (outTradeNo) => told(closeTransaction(calls, outTradeNo)),
    refund: (request) => told(refundTransaction(calls, request)),
    queryRefund: (outRefundNo) => told(queryRefund(calls, outRefundNo)),
    async *tradeBill(date) {
      try {
        // Wanted once a day, by one process: the others never pay for it and for zlib.
        const { tradeBill } = await import('./bill/trade-bill.ts');
        yield* tradeBill(calls, date);
      } catch (error) {
        tell(error);
        throw error;
      }
    },
    readNotification: (raw) => told(readNotification(raw, reader)),
  };
}
