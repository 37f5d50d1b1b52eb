import type { Meaning } from '../../meaning.ts';

type Row = Omit<Meaning, 'id'>;

const PROXY_DOCS = { en: 'documentation of nginx: http_proxy module', zh: 'nginx 文档：http_proxy 模块' };
const UPSTREAM_DOCS = {
  en: 'documentation of nginx: http_upstream module',
  zh: 'nginx 文档：http_upstream 模块',
};

/** Numbers that are about the app behind: how requests are passed on, tried again, kept. */
export const PASSING_ROWS = {
  upstream_servers: {
    short: {
      en: 'the same address three times, never struck off: a GET whose worker dies is asked again',
      zh: '同一地址写三遍且永不摘除：处理 GET 的进程死掉时可再问一次',
    },
    explanation: {
      en: 'nginx tries again only with "another" server of its list. All three lead to the same port, behind which another worker answers. max_fails=0: otherwise one failure would take the only app out for 10 s (fail_timeout) while its next worker is already there.',
      zh: 'nginx 只会向列表中“另一台”服务器重试。三行都指向同一端口，由另一个工作进程响应。max_fails=0：否则一次失败就会把唯一的应用摘除 10 秒（fail_timeout），而替补进程其实已经就绪。',
    },
    source: {
      en: 'measured: workers killed under load behind nginx',
      zh: '实测：nginx 后的工作进程在负载下被杀',
    },
  },
  upstream_keepalive: {
    short: {
      en: 'connections to the app that are kept for the next request, in each process',
      zh: '每个进程保留的到应用的空闲连接数',
    },
    explanation: {
      en: 'Opening a connection for each request costs both sides CPU. More than are busy at once are kept for nothing.',
      zh: '每个请求新建连接会让两边都多花 CPU。超过同时在用的数量就是白留。',
    },
    source: UPSTREAM_DOCS,
  },
  upstream_keepalive_timeout: {
    short: {
      en: 'nginx closes an idle connection before the app does',
      zh: 'nginx 要比应用先关闭空闲连接',
    },
    explanation: {
      en: 'When the app closes first, a request may just be on its way: a POST is then lost with 502, for it is not sent twice. So this is below what the app waits: 75 s with Maque, 5 s with Node and uvicorn, 20 s or more with Tomcat.',
      zh: '若应用先关，请求可能正在路上：POST 不会重发，就会变成 502。所以要小于应用的等待时间：Maque 75 秒，Node 与 uvicorn 5 秒，Tomcat 20 秒以上。',
    },
    source: {
      en: 'defaults of each program; MAQUE_KEEP_ALIVE_TIMEOUT',
      zh: '各程序默认值；MAQUE_KEEP_ALIVE_TIMEOUT',
    },
  },
  proxy_connect_timeout: {
    short: { en: 'time for the app on this box to take a connection', zh: '连接本机应用的时限' },
    explanation: {
      en: 'On the same box it takes no millisecond; the default of a minute only lets phones wait for an app that is not there.',
      zh: '同一台机器上不到一毫秒；默认的一分钟只会让手机白等一个不在的应用。',
    },
    source: PROXY_DOCS,
  },
  proxy_read_timeout: {
    short: {
      en: 'the longest wait for an answer; the app gives up first and says why',
      zh: '等待应用响应的最长时间；应用会先超时并说明原因',
    },
    explanation: {
      en: 'Maque ends an answer after 60 s (MAQUE_ANSWER_TIMEOUT) and wx.request gives up then, too. Below it phones get a bare 504 of nginx.',
      zh: 'Maque 在 60 秒后终止响应（MAQUE_ANSWER_TIMEOUT），wx.request 也在那时放弃。更短则手机只得到 nginx 的 504。',
    },
    source: {
      en: 'MAQUE_ANSWER_TIMEOUT and the default of wx.request',
      zh: 'MAQUE_ANSWER_TIMEOUT 与 wx.request 默认超时',
    },
  },
  proxy_send_timeout: {
    short: { en: 'the longest pause of an app that takes a body', zh: '应用接收请求体时的最长停顿' },
    explanation: {
      en: 'The body is already here, in memory or in a file: an app that takes nothing for half a minute hangs.',
      zh: '请求体已经在本机内存或文件中；应用半分钟不收就是卡住了。',
    },
    source: PROXY_DOCS,
  },
  next_upstream: {
    short: {
      en: 'how often, and for how long, a request is tried again; never one that may have been carried out',
      zh: '最多重试几次、多久；可能已被执行的请求绝不重发',
    },
    explanation: {
      en: 'Only where the connection failed or fell silent, and only what may be repeated: a POST or PATCH that was sent is never sent again, or an order would be placed twice (non_idempotent is not set). Answers with 5xx are passed on as they are: asking a busy app again makes it busier.',
      zh: '只在连接失败或无响应时重试，而且只重试可重复的请求：POST、PATCH 一旦发出绝不重发（没有设 non_idempotent），否则会重复下单。5xx 响应原样转发：再问一个繁忙的应用只会更忙。',
    },
    source: PROXY_DOCS,
  },
  proxy_buffers: {
    short: {
      en: 'of an answer that a phone takes slowly this much waits in memory',
      zh: '手机收得慢时，响应在内存中暂存的大小',
    },
    explanation: {
      en: 'nginx takes the answer at once, so that the worker is free, and hands it to the phone at its pace. These times the requests at once are a line of the plan.',
      zh: 'nginx 一次收完响应，让工作进程立刻空出来，再按手机的速度慢慢发。此值乘以同时请求数就是规划中的一行。',
    },
    source: { en: 'the plan: requests being passed on', zh: '规划：正在转发的请求' },
  },
  proxy_max_temp_file_size: {
    short: { en: 'of a larger answer this much waits in a file', zh: '更大的响应最多写这么大的临时文件' },
    explanation: {
      en: 'The default of 1 GiB lets a few slow downloads fill the disk. Above it the app is read at the pace of the phone.',
      zh: '默认 1 GiB，几个慢速下载就能写满磁盘。超过后按手机的速度从应用读取。',
    },
    source: PROXY_DOCS,
  },
  cache_zone: {
    short: { en: 'memory for the keys of 8,000 kept answers', zh: '约 8000 个缓存响应的键' },
    explanation: {
      en: 'The answers themselves are on the disk. When it is full the oldest go.',
      zh: '响应本身在磁盘上；满了就淘汰最旧的。',
    },
    source: PROXY_DOCS,
  },
  cache_size: {
    short: {
      en: 'disk for answers that the app calls public, and how long one that nobody asks for stays',
      zh: '应用标为 public 的响应可用的磁盘，以及无人访问时保留多久',
    },
    explanation: {
      en: "Only what comes with Cache-Control: public (or s-maxage) is kept, and only as long as it says: photos and the lists of a shop, nobody's own data. There is no microcache of everything else: for a second too long somebody else's cart is a second too long.",
      zh: '只缓存带有 Cache-Control: public（或 s-maxage）的响应，时长以其为准：图片、商品列表，绝不含个人数据。其余内容不做“微缓存”：哪怕只有一秒把别人的购物车给错人也不行。',
    },
    source: { en: 'one per cent of the disk, 32 to 256 MiB', zh: '磁盘的 1%,32 至 256 MiB' },
  },
  realtime_timeout: {
    short: {
      en: 'a WebSocket on which nobody says anything for so long is closed',
      zh: 'WebSocket 双方都沉默这么久才关闭',
    },
    explanation: {
      en: 'The default of 60 s cuts sockets between two heartbeats. An hour leaves that to the app, which knows who is still there, and still ends what is dead.',
      zh: '默认 60 秒会在两次心跳之间断开。设为一小时，由应用判断谁还在线，同时仍会清理死连接。',
    },
    source: PROXY_DOCS,
  },
  realtime_connections: {
    short: { en: 'WebSockets at once; above them 503', zh: '同时的 WebSocket 数；超过返回 503' },
    explanation: {
      en: 'Each holds one connection to the phone and one to the app for as long as it lasts. They do not count as requests under way.',
      zh: '每个 WebSocket 在整个期间占用一个到手机和一个到应用的连接，不计入进行中的请求。',
    },
    source: {
      en: "the plan's sockets, and a quarter more for those that come back",
      zh: '规划的 socket 数，再加四分之一给重连',
    },
  },
  realtime_buffer: {
    short: { en: 'one buffer each way for a WebSocket', zh: 'WebSocket 每个方向一个缓冲区' },
    explanation: {
      en: 'Messages are passed on as they come; a small buffer is enough, and thousands of sockets hold one each.',
      zh: '消息来了就转发，小缓冲区即可；几千个连接每个都占一份。',
    },
    source: PROXY_DOCS,
  },
  retry_after: {
    short: { en: 'when to ask again, in seconds', zh: '多少秒后可重试' },
    explanation: {
      en: 'A new worker is there within a second or two; who asks at once only meets the same gap.',
      zh: '新的工作进程一两秒就绪；立刻重试只会遇到同一个空档。',
    },
    source: { en: 'start of a worker of Maque', zh: 'Maque 工作进程的启动时间' },
  },
} as const satisfies Record<string, Row>;
