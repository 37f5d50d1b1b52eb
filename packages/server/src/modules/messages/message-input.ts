import { errors } from '@maque/contract';
import type { ErrorFault, Text } from '@maque/kit';
import { checkMessageData, fitMessageData } from '@maque/wechat';
import type { NewMessage } from '../../define/wechat-services.ts';

/** A message that WeChat would take, as far as can be told without it. */
export interface CheckedMessage {
  readonly userId: string;
  readonly templateId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly page?: string;
}

/** WeChat's ids have 43 characters. */
const TEMPLATE_ID = /^[\w-]{1,64}$/;
/** A path and its query; WeChat tells no limit, and its own pages stay below. */
const PAGE = /^[^\p{Cc}\s]{1,1024}$/u;
const KEY = /^[^\p{Cc}]{1,100}$/u;

const WRONG_TEMPLATE: Text = { en: 'is not the id of a template', zh: '不是模板 ID' };
const WRONG_PAGE: Text = {
  en: 'must be a page of the mini-program such as pages/order/detail?id=1, at most 1,024 characters',
  zh: '应为小程序页面，例如 pages/order/detail?id=1，最多 1024 个字符',
};
const WRONG_KEY: Text = { en: 'must have 1 to 100 characters', zh: '应为 1 到 100 个字符' };

/** @throws CodedError MESSAGE_INVALID with every fault by its path. */
export function checkedMessage({ userId, templateId, data, page, key }: NewMessage): CheckedMessage {
  const fitted = fitMessageData(data);
  const faults: ErrorFault[] = checkMessageData(fitted);
  if (!TEMPLATE_ID.test(templateId)) faults.push({ path: 'templateId', issue: WRONG_TEMPLATE });
  if (page !== undefined && !PAGE.test(page)) faults.push({ path: 'page', issue: WRONG_PAGE });
  if (key !== undefined && !KEY.test(key)) faults.push({ path: 'key', issue: WRONG_KEY });
  if (faults.length > 0) throw errors.MESSAGE_INVALID({ details: faults });
  return { userId, templateId, data: fitted, ...(page === undefined ? {} : { page }) };
}
