import { defineErrors } from '@maque/kit';

/**
 * Why a server does not start. These never travel over HTTP (the status is there because every coded error has one);
 * the command prints them, and the keeper hears them through the worker's link.
 */
export const bootErrors = defineErrors({
  PORT_IN_USE: {
    status: 500,
    message: {
      en: 'Port {port} on {host} is taken; stop what listens there or choose another with --port',
      zh: '{host} 的端口 {port} 已被占用；请停止占用它的程序，或用 --port 换一个端口',
    },
  },
  LISTEN_FAILED: {
    status: 500,
    message: {
      en: 'Cannot listen on {host} port {port}: {reason}',
      zh: '无法监听 {host} 端口 {port}：{reason}',
    },
  },
  DATA_DIR_NOT_A_FOLDER: {
    status: 500,
    message: { en: 'The data folder {path} is not a folder', zh: '数据目录 {path} 不是文件夹' },
  },
  DATA_DIR_NOT_WRITABLE: {
    status: 500,
    message: {
      en: 'Cannot write to the data folder {path}: {reason}',
      zh: '数据目录 {path} 不可写：{reason}',
    },
  },
  DATA_DIR_OF_OTHER_ENVIRONMENT: {
    status: 500,
    message: {
      en: 'The data folder {path} belongs to the environment {owner}, and this one is {environment}; give each its own by --data-dir',
      zh: '数据目录 {path} 属于 {owner} 环境，当前为 {environment}；请用 --data-dir 各自指定',
    },
  },
  DATABASE_DAMAGED: {
    status: 500,
    message: {
      en: '{path} is damaged or not a database; put a backup in its place (without the -wal and -shm files beside it): {reason}',
      zh: '{path} 已损坏或不是数据库；请用备份替换它（并移走旁边的 -wal 与 -shm 文件）：{reason}',
    },
  },
  SECRETS_EXPOSED: {
    status: 500,
    message: {
      en: '{path} can be read by others (mode {mode}); run: chmod 600 {path}',
      zh: '{path} 可被其他用户读取（权限 {mode}）；请执行：chmod 600 {path}',
    },
  },
  SECRETS_CORRUPT: {
    status: 500,
    message: {
      en: '{path} is damaged; put it back from a backup, or delete it to log everyone out and begin anew',
      zh: '{path} 已损坏；请从备份恢复，或删除它（所有人将需要重新登录）',
    },
  },
  APP_NOT_FOUND: {
    status: 500,
    message: { en: 'There is no {path}', zh: '找不到 {path}' },
  },
  APP_FAILED: {
    status: 500,
    message: { en: '{path} fails when it is loaded: {reason}', zh: '加载 {path} 失败：{reason}' },
  },
  APP_INVALID: {
    status: 500,
    message: {
      en: '{path} has no app: write `export default defineApp({ … })`',
      zh: '{path} 没有导出应用：请写 `export default defineApp({ … })`',
    },
  },
  WECHAT_REQUIRED: {
    status: 500,
    message: {
      en: 'prod needs MAQUE_WECHAT_APP_ID and MAQUE_WECHAT_SECRET: the simulator would let anyone in as anyone. Without WeChat on purpose: --allow-no-wechat',
      zh: '生产环境需要 MAQUE_WECHAT_APP_ID 与 MAQUE_WECHAT_SECRET：模拟器会让任何人冒充任何人。确实不接微信请加 --allow-no-wechat',
    },
  },
  WECHAT_SECRET_MISSING: {
    status: 500,
    message: {
      en: 'MAQUE_WECHAT_APP_ID is set but MAQUE_WECHAT_SECRET is not',
      zh: '设置了 MAQUE_WECHAT_APP_ID，但没有 MAQUE_WECHAT_SECRET',
    },
  },
  WECHAT_FIRST_APP_MISSING: {
    status: 500,
    message: {
      en: 'MAQUE_WECHAT_MORE_APPS is set but MAQUE_WECHAT_APP_ID is not',
      zh: '设置了 MAQUE_WECHAT_MORE_APPS，但没有 MAQUE_WECHAT_APP_ID',
    },
  },
  WECHAT_APP_INVALID: {
    status: 500,
    message: {
      en: 'Number {position} of MAQUE_WECHAT_MORE_APPS is not AppID:AppSecret',
      zh: 'MAQUE_WECHAT_MORE_APPS 的第 {position} 项不是 AppID:AppSecret 的形式',
    },
  },
  WECHAT_APP_TWICE: {
    status: 500,
    message: { en: 'The mini-program {appId} is told twice', zh: '小程序 {appId} 重复设置' },
  },
  SIMULATOR_IN_PROD: {
    status: 500,
    message: {
      en: 'MAQUE_WECHAT_BASE_URL is {url}; prod talks to https://*.weixin.qq.com only',
      zh: 'MAQUE_WECHAT_BASE_URL 为 {url}；生产环境只能访问 https://*.weixin.qq.com',
    },
  },
  WECHAT_BASE_URL_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_WECHAT_BASE_URL must be https, or http on this machine: {url}',
      zh: 'MAQUE_WECHAT_BASE_URL 应为 https 地址，或本机的 http 地址：{url}',
    },
  },
  PUSH_FORM_INVALID: {
    status: 500,
    message: {
      en: '{name} must be {expected}, as in WeChat’s console (message push)',
      zh: '{name} 应为{expected}，与微信后台“消息推送”中的一致',
    },
  },
  PUSH_TOKEN_MISSING: {
    status: 500,
    message: {
      en: 'MAQUE_WECHAT_PUSH_AES_KEY is set but MAQUE_WECHAT_PUSH_TOKEN is not',
      zh: '设置了 MAQUE_WECHAT_PUSH_AES_KEY，但没有 MAQUE_WECHAT_PUSH_TOKEN',
    },
  },
  PAY_INCOMPLETE: {
    status: 500,
    message: {
      en: 'Payments are set up only in part; missing: {missing}',
      zh: '微信支付的配置不完整，缺少：{missing}',
    },
  },
  PAY_FORM_INVALID: {
    status: 500,
    message: { en: '{name} must be {expected}', zh: '{name} 应为{expected}' },
  },
  PAY_FILE_MISSING: {
    status: 500,
    message: {
      en: '{name}: there is no file {path} that can be read (relative paths start at the app)',
      zh: '{name}：找不到可读的文件 {path}（相对路径以应用目录为起点）',
    },
  },
  PAY_KEY_EXPOSED: {
    status: 500,
    message: {
      en: 'The merchant’s private key {path} can be read by others (mode {mode}); run: chmod 600 {path}',
      zh: '商户私钥 {path} 可被其他用户读取（权限 {mode}）；请执行：chmod 600 {path}',
    },
  },
  PUBLIC_URL_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_PUBLIC_URL is {url}; WeChat needs an https address of this server’s that the world can reach, such as https://shop.example.com, without a query (in dev also http on this machine)',
      zh: 'MAQUE_PUBLIC_URL 为 {url}；应为外网可访问的 https 地址，如 https://shop.example.com，不带参数（开发环境可用本机 http）',
    },
  },
  PAY_BASE_URL_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_PAY_BASE_URL must be https, or http on this machine: {url}',
      zh: 'MAQUE_PAY_BASE_URL 应为 https 地址，或本机的 http 地址：{url}',
    },
  },
  PAY_SIMULATOR_IN_PROD: {
    status: 500,
    message: {
      en: 'MAQUE_PAY_BASE_URL is {url}; prod talks to https://*.mch.weixin.qq.com only',
      zh: 'MAQUE_PAY_BASE_URL 为 {url}；生产环境只能访问 https://*.mch.weixin.qq.com',
    },
  },
  BODY_MEMORY_TOO_SMALL: {
    status: 500,
    message: {
      en: 'MAQUE_BODY_MEMORY is {memory}; it must hold at least one body of MAQUE_BODY_LIMIT, {limit}',
      zh: 'MAQUE_BODY_MEMORY 为 {memory}，至少应能容纳一个 MAQUE_BODY_LIMIT（{limit}）的请求体',
    },
  },
  PROXY_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_TRUSTED_PROXY: {address} is neither an address nor a range such as 10.0.0.0/8',
      zh: 'MAQUE_TRUSTED_PROXY:{address} 不是地址，也不是 10.0.0.0/8 这样的网段',
    },
  },
  RESTORE_UNFINISHED: {
    status: 500,
    message: {
      en: 'A restore was cut short in {path}: run maque restore again; nothing is lost',
      zh: '{path} 中的恢复被中断：请重新运行 maque restore；数据没有丢失',
    },
  },
  STORE_INCOMPLETE: {
    status: 500,
    message: {
      en: 'MAQUE_FILE_STORE is {store}, which also needs: {missing}',
      zh: 'MAQUE_FILE_STORE 为 {store}，还需要设置：{missing}',
    },
  },
  STORE_BUCKET_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_STORE_BUCKET: {bucket} is not the name of a bucket; those of COS end with the APPID, as in shop-1250000000',
      zh: 'MAQUE_STORE_BUCKET:{bucket} 不是合法的存储桶名；COS 的存储桶需带 APPID 后缀，例如 shop-1250000000',
    },
  },
  STORE_REGION_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_STORE_REGION: {region} is not a region such as ap-guangzhou or cn-hangzhou',
      zh: 'MAQUE_STORE_REGION:{region} 不是 ap-guangzhou、cn-hangzhou 这样的地域',
    },
  },
  STORE_ENDPOINT_INVALID: {
    status: 500,
    message: {
      en: 'MAQUE_STORE_ENDPOINT must be an origin such as https://files.example.com, in prod with https, since phones go there: {url}',
      zh: 'MAQUE_STORE_ENDPOINT 应为 https://files.example.com 这样不带路径的地址；手机要直接访问它，生产环境须为 https:{url}',
    },
  },
});
