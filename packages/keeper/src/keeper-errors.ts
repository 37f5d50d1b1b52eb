import { defineErrors } from '@maque/kit';

/** What keeps a keeper from starting, or a question to it from being answered. */
export const keeperErrors = defineErrors({
  KEEPER_RUNNING: {
    status: 409,
    message: {
      en: 'Another keeper (pid {pid}) already runs on {path}',
      zh: '{path} 上已有守护进程在运行（pid {pid}）',
    },
  },
  KEEPER_NOT_RUNNING: {
    status: 503,
    message: { en: 'No keeper answers on {path}', zh: '{path} 上没有守护进程响应' },
  },
  KEEPER_SILENT: {
    status: 504,
    message: { en: 'The keeper on {path} does not answer in time', zh: '{path} 上的守护进程未及时响应' },
  },
  CONTROL_PATH_TAKEN: {
    status: 409,
    message: {
      en: '{path} exists and is not a socket; move it away',
      zh: '{path} 已存在且不是套接字，请移走该文件',
    },
  },
  CONTROL_PATH_TOO_LONG: {
    status: 400,
    message: {
      en: 'The path of the control socket is longer than this system allows ({limit} bytes): {path}',
      zh: '控制套接字路径超过系统上限（{limit} 字节）：{path}',
    },
  },
  CONTROL_UNAVAILABLE: {
    status: 500,
    message: {
      en: 'Cannot open the control socket {path}: {reason}',
      zh: '无法打开控制套接字 {path}：{reason}',
    },
  },
  METRICS_PORT_UNAVAILABLE: {
    status: 500,
    message: {
      en: 'Cannot serve metrics on port {port}: {reason} (choose another, or 0 for any)',
      zh: '无法在端口 {port} 提供指标：{reason}（请换一个端口，或用 0 自动选择）',
    },
  },
  SCRIPT_NOT_FOUND: {
    status: 400,
    message: { en: 'There is no script {path}', zh: '脚本 {path} 不存在' },
  },
  OPTION_INVALID: {
    status: 400,
    message: {
      en: '{option} must be {expected}, not {actual}',
      zh: '{option} 应为 {expected}，而不是 {actual}',
    },
  },
  BOOT_FAILED: {
    status: 500,
    message: { en: '{script} does not start: {cause}', zh: '{script} 无法启动：{cause}' },
  },
  STOPPED_EARLY: {
    status: 503,
    message: { en: 'Stopped before any worker was ready', zh: '在工作进程就绪之前已停止' },
  },
  KEEPER_NOT_SERVING: {
    status: 409,
    message: { en: 'The keeper is not running workers now', zh: '守护进程当前未在运行' },
  },
  DEPLOY_REFUSED: {
    status: 422,
    message: { en: 'nothing is deployed: {reason}', zh: '未上线：{reason}' },
  },
  DEPLOY_UNDER_WAY: {
    status: 409,
    message: {
      en: 'Version {version} is just coming in; wait until it has, or has failed',
      zh: '版本 {version} 正在上线，请等待其完成或失败',
    },
  },
  ALREADY_STARTED: {
    status: 409,
    message: { en: 'A keeper starts once', zh: '守护进程只能启动一次' },
  },
  WORKER_UNKNOWN: {
    status: 404,
    message: { en: 'There is no worker {worker} that serves', zh: '没有正在服务的工作进程 {worker}' },
  },
  ROUTE_UNKNOWN: {
    status: 404,
    message: { en: 'There is nothing at {method} {path}', zh: '{method} {path} 不存在' },
  },
});
