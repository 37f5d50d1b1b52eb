import { defineErrors } from '@maque/kit';

/** What every file store answers to a request that it cannot serve. */
export const fileStoreErrors = defineErrors({
  FILE_KEY_INVALID: { status: 400, message: { en: 'This is not the key of a file', zh: '文件标识不合法' } },
  FILE_TOO_LARGE: { status: 413, message: { en: 'The file is larger than {limit}', zh: '文件超过 {limit}' } },
  FILE_RANGE_INVALID: {
    status: 416,
    message: {
      en: 'The file has {bytes} bytes, and this range is not inside',
      zh: '文件共 {bytes} 字节，请求的范围不在其中',
    },
  },
  FILE_STORE_UNAVAILABLE: {
    status: 503,
    message: {
      en: 'Files are out of reach at the moment; try again shortly',
      zh: '文件服务暂不可用，请稍后再试',
    },
  },
});
