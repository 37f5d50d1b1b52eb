import { defineErrors } from '@maque/kit';

/** What goes wrong between this process and an object store. None holds a secret: no address with a signature, no header. */
export const objectStoreErrors = defineErrors({
  STORE_KEY_INVALID: {
    status: 400,
    message: { en: 'This cannot be the key of an object', zh: '对象键不合法' },
  },
  STORE_RANGE_INVALID: {
    status: 416,
    message: { en: 'The object has no such range', zh: '请求的范围不在对象之内' },
  },
  STORE_CONTENT_WRONG: {
    status: 500,
    message: {
      en: 'The content does not have the {bytes} bytes that were announced',
      zh: '内容长度与声明的 {bytes} 字节不符',
    },
  },
  STORE_UNREACHABLE: {
    status: 502,
    message: {
      en: 'The object store cannot be reached ({reason}); check MAQUE_STORE_REGION, MAQUE_STORE_ENDPOINT and the network',
      zh: '无法连接对象存储（{reason}）；请检查 MAQUE_STORE_REGION、MAQUE_STORE_ENDPOINT 与网络',
    },
  },
  STORE_TIMED_OUT: {
    status: 502,
    message: {
      en: 'The object store was silent for {seconds} s',
      zh: '对象存储 {seconds} 秒没有响应',
    },
  },
  STORE_BUSY: {
    status: 502,
    message: {
      en: 'The object store is busy or broken (HTTP {httpStatus}, {storeCode}, request {requestId}); it may work again shortly',
      zh: '对象存储繁忙或故障（HTTP {httpStatus}，{storeCode}，请求号 {requestId}），可稍后重试',
    },
  },
  STORE_DENIED: {
    status: 502,
    message: {
      en: 'The object store refuses the access key ({storeCode}, request {requestId}); check MAQUE_STORE_KEY_ID, MAQUE_STORE_KEY_SECRET and what the key may do with the bucket',
      zh: '对象存储拒绝了访问密钥（{storeCode}，请求号 {requestId}）；请检查 MAQUE_STORE_KEY_ID、MAQUE_STORE_KEY_SECRET 及其对存储桶的权限',
    },
  },
  STORE_CLOCK_SKEWED: {
    status: 502,
    message: {
      en: "The object store finds this machine's clock wrong by more than it takes ({storeCode}); set the clock (chrony, systemd-timesyncd)",
      zh: '对象存储认为本机时钟偏差过大（{storeCode}）；请校准系统时间（chrony、systemd-timesyncd）',
    },
  },
  STORE_BUCKET_MISSING: {
    status: 502,
    message: {
      en: 'There is no bucket {bucket} in this region; check MAQUE_STORE_BUCKET and MAQUE_STORE_REGION',
      zh: '该地域没有存储桶 {bucket}；请检查 MAQUE_STORE_BUCKET 与 MAQUE_STORE_REGION',
    },
  },
  STORE_REFUSED: {
    status: 502,
    message: {
      en: 'The object store refuses the request (HTTP {httpStatus}, {storeCode}, request {requestId})',
      zh: '对象存储拒绝了请求（HTTP {httpStatus}，{storeCode}，请求号 {requestId}）',
    },
  },
});
