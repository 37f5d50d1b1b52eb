import { defineMeanings } from '../../meaning.ts';

export const pythonMeanings = defineMeanings('python', {
  workers: {
    short: { en: 'processes that work on requests', zh: '处理请求的进程数' },
    explanation: {
      en: 'Python works on one thing at a time in each process, so a processor needs a process. Too few: processors are idle while requests wait. Too many: each takes its memory once more, and they only wait for each other.',
      zh: 'Python 每个进程同一时刻只做一件事，因此每个处理器需要一个进程。太少：请求在等待而处理器空闲。太多：每个进程都要占一份内存，而它们只是互相等待。',
    },
    source: {
      en: 'the plan: as many as its memory and its cores carry',
      zh: '取自规划：内存与核数所能承载的数量',
    },
  },
  max_requests: {
    short: { en: 'a worker is replaced after so many requests', zh: '工作进程处理这么多请求后被替换' },
    explanation: {
      en: 'What leaks slowly is given back when the process ends. Too small: the program is imported again and again, which costs processor time. Too large, or 0: a slow leak ends in the memory limit.',
      zh: '缓慢泄漏的内存随进程结束而释放。太小：程序反复重新加载，浪费处理器。太大或为 0：慢泄漏最终会撞上内存上限。',
    },
    source: {
      en: 'a start of a second for each thousand requests is not noticed',
      zh: '每一千个请求多一次约一秒的启动，用户无感',
    },
  },
  max_requests_jitter: {
    short: { en: 'so that workers are not replaced all at once', zh: '避免所有工作进程同时被替换' },
    explanation: {
      en: 'Each worker draws a number up to this and lives so many requests longer. Without it all workers, which began together, end together, and nobody answers for a moment.',
      zh: '每个工作进程随机多处理至多这么多请求。否则同时启动的进程会同时结束，短暂无人应答。',
    },
    source: { en: 'a tenth of max_requests', zh: 'max_requests 的十分之一' },
  },
  timeout: {
    short: {
      en: 'a worker that is silent for so many seconds is killed',
      zh: '工作进程静默超过这么多秒即被杀死',
    },
    explanation: {
      en: 'A worker of the sync kind is silent while it works on a request. Too short: long requests are cut off. Too long: a worker that hangs serves nobody for that long.',
      zh: 'sync 类型的工作进程在处理请求时不发心跳。太短：耗时请求被中断。太长：卡死的进程长时间无法服务。',
    },
    source: { en: "Gunicorn's default; wx.request waits 60 s", zh: 'Gunicorn 默认值；wx.request 等 60 秒' },
  },
  graceful_timeout: {
    short: { en: 'seconds to finish requests when a worker goes', zh: '工作进程退出前完成请求的秒数' },
    explanation: {
      en: 'At a stop, a reload and a replacement, requests under way may take this long. It must be shorter than the time after which systemd or Docker kills.',
      zh: '停止、重载与替换时，已有请求可再用这么久。必须短于 systemd 或 Docker 强制结束的时间。',
    },
    source: {
      en: 'longer than an answer takes; systemd waits 90 s, Docker 10 s unless told',
      zh: '长于一次请求；systemd 默认等 90 秒，Docker 默认 10 秒',
    },
  },
  limit_concurrency: {
    short: { en: 'connections and tasks at once, beyond it 503', zh: '同时的连接与任务数，超出返回 503' },
    explanation: {
      en: 'An async server accepts whatever comes and keeps it all in memory. Too large: a rush ends in the memory limit. Too small: clients get 503 while there is room. Each worker counts for itself, idle connections of nginx included.',
      zh: '异步服务来者不拒，全部放在内存里。太大：突发流量耗尽内存。太小：还有余力却返回 503。每个工作进程单独计数，nginx 的空闲连接也算在内。',
    },
    source: {
      en: '100 at once, and the 32 connections that nginx keeps open',
      zh: '同时 100 个请求，加上 nginx 保持的 32 个空闲连接',
    },
  },
  keep_alive: {
    short: { en: 'seconds until an idle connection is closed', zh: '空闲连接保持的秒数' },
    explanation: {
      en: 'nginx keeps connections to the program open for 60 s. If the program closes first, a request that is just on its way meets a closed connection and nginx answers 502.',
      zh: 'nginx 与程序之间的连接空闲 60 秒后关闭。若程序先关，正在途中的请求会遇到已关闭的连接，nginx 返回 502。',
    },
    source: { en: 'longer than the 60 s of nginx', zh: '长于 nginx 的 60 秒' },
  },
  pool_size: {
    short: { en: 'connections of each worker to the database', zh: '每个工作进程的数据库连接数' },
    explanation: {
      en: 'Only what the program makes of it counts: hand it to SQLAlchemy as pool_size. Too many: the limit of the database is reached by all workers together.',
      zh: '由程序自己读取，如作为 SQLAlchemy 的 pool_size。太多：所有进程合计会达到数据库的连接上限。',
    },
    source: { en: 'the plan; 5 to 10 for each process', zh: '取自规划；每个进程 5–10 个' },
  },
  port: {
    short: { en: 'where nginx finds it', zh: 'nginx 转发到的端口' },
    explanation: {
      en: 'The program listens on the loopback interface only; the world comes in through nginx. If another program has the port already, it does not start.',
      zh: '程序只监听本机回环地址，外部流量经 nginx 进入。端口被占用时无法启动。',
    },
    source: {
      en: 'the port of the app, and ten on for each further program',
      zh: '应用端口；其余程序依次加 10',
    },
  },
});

/** Above the variable that says which Python starts it. */
export const PYTHON = {
  en: 'The Python that has the imports of the app',
  zh: '装有应用依赖的 Python',
};
