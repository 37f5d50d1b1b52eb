import type { SettingsTable } from '@maque/kit';

/** Settings of where uploaded files go. */
export const storeSettings = {
  fileStore: {
    type: 'string',
    env: 'MAQUE_FILE_STORE',
    choices: ['disk', 'cos', 'oss', 's3'],
    default: 'disk',
    reason: 'needs no account; an object store takes the traffic off a small box when files become many',
    meaning: {
      en: 'Where files are kept: this disk, Tencent COS, Aliyun OSS or an S3-compatible store',
      zh: '文件存放位置：本机磁盘、腾讯云 COS、阿里云 OSS 或兼容 S3 的存储',
    },
  },
  storeBucket: {
    type: 'string',
    env: 'MAQUE_STORE_BUCKET',
    meaning: {
      en: 'Bucket of the object store; for COS with the APPID at its end',
      zh: '存储桶；COS 需带 APPID 后缀',
    },
  },
  storeRegion: {
    type: 'string',
    env: 'MAQUE_STORE_REGION',
    meaning: {
      en: 'Region of the bucket, such as ap-guangzhou or cn-hangzhou',
      zh: '存储桶地域，例如 ap-guangzhou、cn-hangzhou',
    },
  },
  storeEndpoint: {
    type: 'string',
    env: 'MAQUE_STORE_ENDPOINT',
    meaning: {
      en: 'Address of an S3-compatible store, or of a proxy; COS and OSS have their own',
      zh: '兼容 S3 的存储地址或代理地址；COS 与 OSS 有默认地址',
    },
  },
  storeKeyId: {
    type: 'string',
    env: 'MAQUE_STORE_KEY_ID',
    meaning: { en: 'Id of the access key (SecretId, AccessKeyId)', zh: '访问密钥 ID(SecretId、AccessKeyId)' },
  },
  storeKeySecret: {
    type: 'string',
    env: 'MAQUE_STORE_KEY_SECRET',
    secret: true,
    meaning: { en: 'Secret of the access key', zh: '访问密钥的密文（SecretKey、AccessKeySecret）' },
  },
} as const satisfies SettingsTable;
