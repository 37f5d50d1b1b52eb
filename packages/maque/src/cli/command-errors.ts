import { defineErrors } from '@maque/kit';

/** What a command can refuse for. The status is there because every coded error has one; none travels over HTTP. */
export const commandErrors = defineErrors({
  COMMAND_UNKNOWN: {
    status: 400,
    message: {
      en: 'There is no command {name}; maque --help lists all',
      zh: '没有命令 {name}；用 maque --help 查看全部命令',
    },
  },
  COMMAND_MISSPELLED: {
    status: 400,
    message: {
      en: 'There is no command {name}; did you mean maque {nearest}?',
      zh: '没有命令 {name}，是不是 maque {nearest}？',
    },
  },
  COMMAND_LINE_INVALID: {
    status: 400,
    message: { en: 'maque {name} does not understand this:', zh: 'maque {name} 看不懂：' },
  },
  ARGUMENT_MISSING: {
    status: 400,
    message: { en: 'Say which: maque {name} {usage}', zh: '缺少参数：maque {name} {usage}' },
  },
  APP_FOLDER_WITHOUT_CONFIG: {
    status: 400,
    message: {
      en: '{folder} has no maque.config.ts (nor .js, .mjs, or dist/maque.config.js)',
      zh: '{folder} 里没有 maque.config.ts（也没有 .js、.mjs 或 dist/maque.config.js）',
    },
  },
  DATABASE_MISSING: {
    status: 400,
    message: {
      en: 'There is no database at {path} yet; the first start makes it',
      zh: '{path} 还没有数据库；首次启动时会自动创建',
    },
  },
  BUDGET_TOO_SMALL: {
    status: 400,
    message: {
      en: 'The memory budget is too small for {workers} workers as the settings are now; maque plan --only-app shows the sum',
      zh: '按当前设置，内存预算不足以运行 {workers} 个工作进程；用 maque plan --only-app 查看明细',
    },
  },
  NOT_RUNNING: {
    status: 400,
    message: {
      en: 'Nothing runs on the data folder {dataDir}; another one is named by --data-dir',
      zh: '数据目录 {dataDir} 上没有正在运行的服务；可用 --data-dir 指定其他目录',
    },
  },
  DATA_FOLDER_MISSING: {
    status: 400,
    message: {
      en: 'There is no data folder {dataDir}; another one is named by --data-dir',
      zh: '数据目录 {dataDir} 不存在；可用 --data-dir 指定其他目录',
    },
  },
  DATA_FOLDER_DENIED: {
    status: 403,
    message: {
      en: 'No access to {path}: run this as the user who owns it, e.g. with sudo -u',
      zh: '无权访问 {path}：请以其所有者的身份运行，例如用 sudo -u',
    },
  },
  DOTENV_UNREADABLE: {
    status: 400,
    message: { en: 'Cannot read {path}: {reason}', zh: '无法读取 {path}：{reason}' },
  },
  NOBODY_SERVES: {
    status: 409,
    message: {
      en: 'No worker serves just now, so there is none to replace',
      zh: '当前没有正在服务的工作进程可替换',
    },
  },
  PORT_INVALID: {
    status: 400,
    message: {
      en: '--port must be a port from 0 to 65535, not {port}',
      zh: '--port 应为 0 到 65535 的端口，而不是 {port}',
    },
  },
  DURATION_INVALID: {
    status: 400,
    message: {
      en: '{option} must be a duration such as 5s or 30m, not {value}',
      zh: '{option} 应为时长，如 5s 或 30m，而不是 {value}',
    },
  },
  URL_INVALID: {
    status: 400,
    message: {
      en: '{url} is no address of a web server, such as http://127.0.0.1:8080/api/products',
      zh: '{url} 不是网址；应如 http://127.0.0.1:8080/api/products',
    },
  },
  ZONE_INVALID: {
    status: 400,
    message: {
      en: '--zone must be a time zone such as +08:00 or UTC, not {zone}',
      zh: '--zone 应为时区，如 +08:00 或 UTC，而不是 {zone}',
    },
  },
  LOG_UNREADABLE: {
    status: 400,
    message: { en: 'Cannot read {name}: {reason}', zh: '无法读取 {name}：{reason}' },
  },
  CHECK_UNKNOWN: {
    status: 400,
    message: {
      en: 'The doctor has no check {name}; maque doctor --all lists all',
      zh: '没有检查项 {name}；用 maque doctor --all 查看全部',
    },
  },
  CHECK_MISSPELLED: {
    status: 400,
    message: {
      en: 'The doctor has no check {name}; did you mean {nearest}?',
      zh: '没有检查项 {name}，是不是 {nearest}？',
    },
  },
  FOLDER_MISSING: {
    status: 400,
    message: { en: 'There is no folder {folder}', zh: '没有目录 {folder}' },
  },
  STATE_FOLDER_UNSAFE: {
    status: 403,
    message: {
      en: 'Backups in {folder} are not used: others than {user} may write there',
      zh: '不使用 {folder} 中的备份：除 {user} 外的用户也能写入',
    },
  },
  DOMAIN_MISSING: {
    status: 400,
    message: {
      en: "Nothing was written: {path} still has the example's domain; say yours with --domain",
      zh: '未写入任何文件：{path} 中仍是示例域名；请用 --domain 指定你的域名',
    },
  },
  NO_KERNEL_LOG: {
    status: 400,
    message: {
      en: 'No log of the kernel can be read here; try as root, or give a file: maque oom /path/to/kern.log',
      zh: '读不到本机的内核日志；请以 root 运行，或指定文件：maque oom /path/to/kern.log',
    },
  },
  TRACE_UNREADABLE: {
    status: 400,
    message: { en: 'Cannot read {trace}: {reason}', zh: '无法读取 {trace}：{reason}' },
  },
  TRACE_WITHOUT_SAMPLES: {
    status: 400,
    message: {
      en: '{trace} is no recording of memory: none of its lines is a sample ({skipped} are something else)',
      zh: '{trace} 不是内存记录：没有一行是样本（其他内容 {skipped} 行）',
    },
  },
  INPUT_UNREADABLE: {
    status: 400,
    message: { en: 'Cannot read {file}: {reason}', zh: '无法读取 {file}：{reason}' },
  },
  OUTPUT_EXISTS: {
    status: 409,
    message: {
      en: '{file} is there already; --force replaces it',
      zh: '{file} 已存在；加 --force 可覆盖',
    },
  },
  OUTPUT_FOREIGN: {
    status: 409,
    message: {
      en: '{file} is there already, and maque plan did not write it; choose another name',
      zh: '{file} 已存在，且不是 maque plan 写的；请换一个文件名',
    },
  },
  OUTPUT_UNWRITABLE: {
    status: 400,
    message: { en: 'Cannot write {file}: {reason}', zh: '无法写入 {file}：{reason}' },
  },
  ALERT_SETTING_ALONE: {
    status: 400,
    message: {
      en: '{setting} is set, but {missing} is not: alerts would not arrive',
      zh: '设置了 {setting}，但没有设置 {missing}，告警无法送达',
    },
  },
  ALERT_CHANNELS_MISSING: {
    status: 400,
    message: {
      en: 'No channel of alerts is set: set MAQUE_ALERT_WECOM, for example, in .env or the environment',
      zh: '没有设置告警渠道：请在 .env 或环境变量中设置，例如 MAQUE_ALERT_WECOM',
    },
  },
  COUNT_INVALID: {
    status: 400,
    message: {
      en: '{option} must be a whole number from 1 to {most}, not {value}',
      zh: '{option} 应为 1 到 {most} 的整数，而不是 {value}',
    },
  },
  SHARE_INVALID: {
    status: 400,
    message: {
      en: '--share must be above 0 and at most 1, or a percentage such as 25%, not {share}',
      zh: '--share 应大于 0 且不超过 1，或写成百分比如 25%，而不是 {share}',
    },
  },
  NO_EVENTS: {
    status: 400,
    message: {
      en: 'Nothing has been recorded in the data folder {dataDir}; another one is named by --data-dir',
      zh: '数据目录 {dataDir} 中没有任何记录；可用 --data-dir 指定其他目录',
    },
  },
  NO_LOGS: {
    status: 400,
    message: {
      en: 'There are no log files in {folder}',
      zh: '{folder} 中没有日志文件',
    },
  },
  KEEPER_REFUSED: { status: 409, message: { en: 'Refused: {reason}', zh: '被拒绝：{reason}' } },
  ALREADY_RUNNING: {
    status: 409,
    message: {
      en: 'Maque already runs on the data folder {dataDir} (pid {pid}); stop it, or choose another with --data-dir',
      zh: '数据目录 {dataDir} 上已有 Maque 在运行（pid {pid}）；请先停止它，或用 --data-dir 换一个目录',
    },
  },
  NO_FREE_PORT: {
    status: 500,
    message: { en: 'No port from {from} to {to} is free', zh: '端口 {from} 到 {to} 均被占用' },
  },
  KEY_FOLDER_TAKEN: {
    status: 409,
    message: {
      en: '{file} is not of the simulator, which would replace it; name another folder with --keys',
      zh: '{file} 不是模拟器的文件，继续会覆盖它；请用 --keys 指定其他目录',
    },
  },
});
