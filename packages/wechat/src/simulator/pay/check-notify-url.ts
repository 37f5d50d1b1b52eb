import { isLoopback } from '../is-loopback.ts';
import { refuse } from './pay-refusal.ts';

/**
 * WeChat Pay reports to https addresses without a query. Plain http is allowed on this computer, where nobody has a
 * certificate. @throws PayRefusal PARAM_ERROR
 */
export function checkNotifyUrl(value: string): void {
  const url = URL.parse(value);
  const scheme = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== null && scheme && !/[?#\s]/.test(value) && url.username === '') return;
  const issue = '必须是不带参数的https地址（本机可用http）';
  throw refuse('field wrong', { location: 'body', field: '/body/notify_url', value, issue });
}
