import type { Text } from '@maque/kit';

/**
 * The numbers at the end of `Request-ID`, which say more exactly than `code` what was wrong. The header is not signed:
 * they tell people more, and one failure from another, but never a failure from a success.
 */
const faultNumbers: Readonly<Record<number, Text>> = {
  268435461: { en: 'a parameter is wrong', zh: '参数错误' },
  268443699: { en: 'the signature is wrong', zh: '签名错误' },
  268445527: { en: 'AppID and merchant number do not belong together', zh: 'AppID 与商户号不匹配' },
  268447840: { en: 'too many calls', zh: '调用过于频繁' },
  268449538: { en: 'the order is paid already', zh: '订单已支付' },
  268498688: { en: 'the number was used with other parameters', zh: '单号曾以不同参数使用' },
  268498689: { en: 'the order is paid already', zh: '订单已支付' },
  268501013: { en: 'the openid is missing', zh: '缺少 openid' },
  268512771: { en: 'the order does not exist', zh: '订单不存在' },
  270924358: { en: 'there are parameters too many', zh: '存在多余参数' },
};

const PAID_ALREADY: readonly number[] = [268449538, 268498689];

/** What the number at the end of a `Request-ID` means, where that is known. */
export function faultOf(requestId: string | null): Text | undefined {
  const number = faultNumber(requestId);
  return number === undefined ? undefined : faultNumbers[number];
}

/** Whether a call was refused because the order is paid: `code` is then as general as `INVALID_REQUEST`. */
export function meansPaidAlready(requestId: string | null): boolean {
  return PAID_ALREADY.includes(faultNumber(requestId) ?? 0);
}

function faultNumber(requestId: string | null): number | undefined {
  const digits = /-(\d{1,10})$/.exec(requestId ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
