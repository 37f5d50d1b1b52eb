/** Everything the console says. `{name}` is filled in; a key is a place on the page. */
export const texts = {
  'sign-in.title': { en: 'Sign in', zh: '登录控制台' },
  'sign-in.ended': {
    en: 'Your session has ended. Please sign in again.',
    zh: '登录已失效，请重新登录。',
  },
  'sign-in.hint': {
    en: 'First time here? Open the one-time link that the server printed when it started.',
    zh: '第一次使用？请打开服务器启动时打印的一次性链接。',
  },
  'sign-in.submit': { en: 'Sign in', zh: '登录' },
  'claim.title': { en: 'Welcome. This console is yours', zh: '欢迎，请认领控制台' },
  'claim.hint': {
    en: 'Choose the name and password of the first administrator. The link works once.',
    zh: '请设置第一位管理员的用户名和密码。此链接只能使用一次。',
  },
  'claim.submit': { en: 'Claim the console', zh: '认领控制台' },
  'claim.instead': { en: 'Sign in with an account instead', zh: '已有账号？直接登录' },
  'form.name': { en: 'Name', zh: '用户名' },
  'form.password': { en: 'Password', zh: '密码' },
  'form.new-password-hint': { en: 'At least {length} characters', zh: '至少 {length} 个字符' },
  'form.show-password': { en: 'Show', zh: '显示' },
  'form.hide-password': { en: 'Hide', zh: '隐藏' },
  'form.busy': { en: 'One moment…', zh: '请稍候…' },

  'header.language': { en: 'Language', zh: '语言' },
  'header.server-time': { en: 'Server time', zh: '服务器时间' },
  'header.sign-out': { en: 'Sign out', zh: '退出' },
  'header.signed-in-as': { en: 'Signed in as {name}', zh: '当前用户 {name}' },

  'feed.waiting': { en: 'Waiting for the first report…', zh: '正在等待第一次上报…' },
  'feed.empty': { en: 'No process has reported yet.', zh: '还没有进程上报状态。' },
  'feed.silent': {
    en: 'The server has not answered since {time}. What you see is from then.',
    zh: '服务器自 {time} 起没有响应，下面显示的是当时的数据。',
  },
  'feed.never': {
    en: 'The server does not answer. Trying again by itself…',
    zh: '服务器没有响应，正在自动重试…',
  },
  'feed.ask-now': { en: 'Try now', zh: '立即重试' },

  'budget.title': { en: 'Memory budget', zh: '内存预算' },
  'budget.of': { en: 'of {budget}', zh: '/ {budget}' },
  'budget.free-now': { en: '{bytes} still free', zh: '剩余 {bytes}' },
  'budget.over-now': { en: '{bytes} over budget', zh: '超出预算 {bytes}' },
  'budget.chart': {
    en: 'Memory in use over the last 15 minutes: {now} now, at most {peak}, of a budget of {budget}',
    zh: '最近 15 分钟内存用量：当前 {now}，最高 {peak}，预算 {budget}',
  },
  'budget.in-use': { en: 'In use', zh: '已用' },
  'budget.bar': { en: '{used} of {budget} in use', zh: '预算 {budget}，已用 {used}' },

  'traffic.title': { en: 'Requests', zh: '请求' },
  'traffic.per-second': { en: 'req/s', zh: '次/秒' },
  'traffic.slowest': { en: 'slowest worker', zh: '最慢的工作进程' },
  'traffic.active': { en: 'in flight', zh: '处理中' },
  'traffic.active-now': { en: '{count} in flight', zh: '{count} 个处理中' },
  'traffic.workers': { en: 'workers ready', zh: '就绪进程' },
  'traffic.chart': {
    en: 'Requests per second over the last 15 minutes: {now} now, at most {peak}',
    zh: '最近 15 分钟每秒请求数：当前 {now}，最高 {peak}',
  },

  'process.title': { en: 'Processes', zh: '进程' },
  'process.keeper': { en: 'Keeper', zh: '守护进程' },
  'process.worker': { en: 'Worker {id}', zh: '工作进程 {id}' },
  'process.pid': { en: 'pid {pid}', zh: 'pid {pid}' },
  'process.uptime': { en: 'up {time}', zh: '已运行 {time}' },
  'process.restarts-0': { en: 'no restarts', zh: '未重启' },
  'process.restarts-1': { en: '1 restart', zh: '重启 1 次' },
  'process.restarts': { en: '{count} restarts', zh: '重启 {count} 次' },
  'process.memory': { en: 'Memory', zh: '内存' },
  'process.heap-used': { en: 'Heap used', zh: '堆已用' },
  'process.heap-floor': { en: 'Heap after GC', zh: 'GC 后的堆' },
  'process.heap-floor-short': { en: 'After GC', zh: 'GC 后' },
  'process.heap-limit': { en: 'Heap limit', zh: '堆上限' },
  'process.external': { en: 'External', zh: '堆外' },
  'process.loop-delay': { en: 'Loop lag p99', zh: '循环延迟 p99' },
  'process.loop-busy': { en: 'Loop busy', zh: '循环占用' },
  'process.requests': { en: 'Requests', zh: '请求' },
  'process.per-second': { en: '{rate}/s', zh: '{rate} 次/秒' },
  'budget.line': { en: 'Budget', zh: '预算' },

  'state.starting': { en: 'Starting', zh: '启动中' },
  'state.ready': { en: 'Ready', zh: '就绪' },
  'state.draining': { en: 'Draining', zh: '排空中' },
  'state.stopped': { en: 'Stopped', zh: '已停止' },
  'state.failed': { en: 'Failed', zh: '失败' },

  'fault.credentials': { en: 'Name or password is wrong.', zh: '用户名或密码错误。' },
  'fault.link': {
    en: 'This link has been used or has expired. Sign in, or start the server again for a new one.',
    zh: '链接已使用或已过期。请直接登录，或重启服务器获取新链接。',
  },
  'fault.too-many': {
    en: 'Too many attempts. Please wait a little.',
    zh: '尝试过于频繁，请稍后再试。',
  },
  'fault.network': { en: 'The server cannot be reached.', zh: '无法连接服务器。' },
  'fault.busy': { en: 'The server is busy. Please try again.', zh: '服务器繁忙，请重试。' },

  'duration.seconds': { en: '{seconds} s', zh: '{seconds} 秒' },
  'duration.minutes': { en: '{minutes} min', zh: '{minutes} 分钟' },
  'duration.hours': { en: '{hours} h {minutes} min', zh: '{hours} 小时 {minutes} 分' },
  'duration.days': { en: '{days} d {hours} h', zh: '{days} 天 {hours} 小时' },
} as const satisfies Record<string, { readonly en: string; readonly zh: string }>;

export type TextKey = keyof typeof texts;
