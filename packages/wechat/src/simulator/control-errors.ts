import { defineErrors } from '@maque/kit';

/** What the simulator says to developers, as opposed to what it says in WeChat's place. */
export const controlErrors = defineErrors({
  SIM_REQUEST_INVALID: {
    status: 400,
    message: { en: 'The simulator cannot do that: {reason}', zh: '模拟器无法执行：{reason}' },
  },
  SIM_FOREIGN_PAGE: {
    status: 403,
    message: {
      en: 'The simulator answers this computer only, and no pages of other sites',
      zh: '模拟器只响应本机请求，不响应其他网站的页面',
    },
  },
  SIM_FAILED: {
    status: 500,
    message: { en: 'The simulator itself failed: {reason}', zh: '模拟器自身出错：{reason}' },
  },
  SIM_NOT_FOUND: { status: 404, message: { en: 'The simulator has nothing here', zh: '模拟器没有此地址' } },
});

/** Makes the error for a request that asks for something impossible. */
export function invalid(reason: string) {
  return controlErrors.SIM_REQUEST_INVALID({ data: { reason } });
}
