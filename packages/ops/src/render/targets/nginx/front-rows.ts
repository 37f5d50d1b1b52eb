import type { Meaning } from '../../meaning.ts';

type Row = Omit<Meaning, 'id'>;

const NGINX_DOCS = {
  core: {
    en: 'documentation of nginx: core and http core modules',
    zh: 'nginx 文档：核心模块与 http 核心模块',
  },
  tls: { en: 'documentation of nginx: http_ssl module', zh: 'nginx 文档：http_ssl 模块' },
  limits: {
    en: 'documentation of nginx: http_limit_req and http_limit_conn modules',
    zh: 'nginx 文档：http_limit_req 与 http_limit_conn 模块',
  },
};

/** Numbers that are about phones: their connections, what they send, and how many of them. */
export const FRONT_ROWS = {
  worker_processes: {
    short: { en: 'one process of nginx for each core', zh: '每个核一个 nginx 工作进程' },
    explanation: {
      en: 'A process of nginx serves thousands of phones and never waits, so more than one a core only cost memory (4 MiB each). Fewer leave a core unused while TLS is what costs time.',
      zh: '一个 nginx 进程就能服务上千个手机且从不空等，每核多于一个只会多占内存（每个约 4 MiB）；少于核数则在 TLS 计算繁忙时有核闲着。',
    },
    source: { en: "the plan's cores", zh: '规划中的核数' },
  },
  worker_connections: {
    short: {
      en: 'connections of one process, to phones and to the app',
      zh: '一个工作进程的连接数，包括到手机和到应用的',
    },
    explanation: {
      en: 'Each phone takes one connection, and a second one to the app while its request is under way. Too few, and nginx writes "worker_connections are not enough" and turns phones away. Too many cost 434 bytes each in every process, used or not.',
      zh: '每部手机占一个连接，请求进行中时到应用还要再占一个。太小，nginx 会报 worker_connections are not enough 并拒绝手机；太大，每个名额无论用不用都在每个进程中占 434 字节。',
    },
    source: {
      en: 'the plan: phones, requests and sockets at the peak, half as much again, in steps of 1024; 434 bytes measured with nginx 1.22',
      zh: '规划：高峰时的手机、请求与 socket 之和再加一半，按 1024 取整；434 字节为 nginx 1.22 实测',
    },
  },
  worker_rlimit_nofile: {
    short: {
      en: 'files and sockets that a process may have open, at least twice its connections',
      zh: '一个进程可打开的文件与套接字数，至少为连接数的两倍',
    },
    explanation: {
      en: 'To the kernel a connection is a file. At the limit nginx accepts nobody any more and writes "Too many open files". A high limit costs nothing.',
      zh: '对内核来说连接也是文件。达到上限后 nginx 不再接受任何人，日志里写 Too many open files。上限高一些没有代价。',
    },
    source: {
      en: 'the plan, and what maque doctor demands (B7)',
      zh: '规划，以及 maque doctor 的要求（B7）',
    },
  },
  worker_shutdown_timeout: {
    short: {
      en: 'after a reload the old processes end after this, also with WebSockets open',
      zh: '重载后旧进程最多再活这么久，即使还有 WebSocket 连着',
    },
    explanation: {
      en: 'A reload starts new processes beside the old ones, which stay until their last connection has ended. A WebSocket may last for hours: without this each reload leaves processes behind that nobody has planned for. Too short cuts uploads of slow phones.',
      zh: '重载会先启动新进程，旧进程要等最后一个连接结束。WebSocket 可能连几个小时，不设此项，每次重载都会留下规划外的进程。太短会打断慢速手机的上传。',
    },
    source: NGINX_DOCS.core,
  },
  server_names_hash_bucket_size: {
    short: { en: 'room for the longest name of a domain', zh: '容得下最长的域名' },
    explanation: {
      en: 'nginx keeps the names of its servers in a table; with the default of 64 it refuses to start when a name is longer than about 40 letters.',
      zh: 'nginx 用一张表存放域名；默认 64 时，域名超过约 40 个字符就无法启动。',
    },
    source: NGINX_DOCS.core,
  },
  keepalive_timeout: {
    short: {
      en: 'how long a phone that has its answer stays connected',
      zh: '手机得到响应后连接再保留多久',
    },
    explanation: {
      en: 'A new connection with TLS costs a phone two round trips, an idle one costs this server 15 KiB. Who has not asked again within a minute seldom does.',
      zh: '重新建立 TLS 连接要多花手机两个来回；保留一个空闲连接占服务器 15 KiB。一分钟没再请求的手机很少会再来。',
    },
    source: { en: 'measured: 15.1 KiB for an idle TLS connection', zh: '实测：空闲 TLS 连接 15.1 KiB' },
  },
  client_header_timeout: {
    short: { en: 'time for the head of a request to arrive', zh: '请求头必须在此时间内到齐' },
    explanation: {
      en: 'Attackers open connections and send a letter every few seconds (Slowloris). A head is one packet; ten seconds are enough for any phone.',
      zh: '攻击者会打开连接后隔几秒才发一个字节（Slowloris）。请求头只有一个包，10 秒对任何手机都够。',
    },
    source: {
      en: "Maque's own limit, MAQUE_HEADERS_TIMEOUT",
      zh: '与 Maque 自身的 MAQUE_HEADERS_TIMEOUT 相同',
    },
  },
  client_body_timeout: {
    short: {
      en: 'the longest pause of a phone that is sending',
      zh: '手机发送请求体时允许的最长停顿',
    },
    explanation: {
      en: 'It counts between two packets, not for the whole upload: a slow phone may take minutes, one that went into a tunnel is given up.',
      zh: '计算的是两个数据包之间的间隔，不是整个上传：慢手机可以传几分钟，进了隧道断掉的则放弃。',
    },
    source: NGINX_DOCS.core,
  },
  send_timeout: {
    short: {
      en: 'the longest pause of a phone that is receiving',
      zh: '手机接收响应时允许的最长停顿',
    },
    explanation: {
      en: 'A phone that takes nothing any more holds buffers that others need. It counts between two packets.',
      zh: '不再接收数据的手机会占着别人要用的缓冲区。计算的是两个数据包之间的间隔。',
    },
    source: NGINX_DOCS.core,
  },
  large_client_header_buffers: {
    short: { en: 'the longest address or header that is read', zh: '可接受的最长地址或请求头' },
    explanation: {
      en: 'A token has 300 bytes; what does not fit into 8 KiB is no mini-program. Larger buffers only help who wants to fill this memory.',
      zh: '令牌约 300 字节，放不进 8 KiB 的不会是小程序。更大的缓冲区只会便宜想占满内存的人。',
    },
    source: { en: "nginx's default, counted in the plan", zh: 'nginx 默认值，已计入规划' },
  },
  client_max_body_size: {
    short: { en: 'the largest upload; above it 413', zh: '最大上传；超过返回 413' },
    explanation: {
      en: 'A little above what the app itself allows, so that the app can say in its own words what is too large. 0 would let anybody fill the disk with one request; the default of 1 MiB refuses photos.',
      zh: '略大于应用自身的上限，让应用用自己的话说明哪里太大。设为 0 任何人都能用一个请求写满磁盘；默认 1 MiB 则传不了照片。',
    },
    source: {
      en: "the plan: the app's largest upload, and its envelope",
      zh: '规划：应用的最大上传，加上封装',
    },
  },
  client_body_buffer_size: {
    short: {
      en: 'of an upload this much in memory, the rest in a file',
      zh: '上传内容放内存的部分，其余写临时文件',
    },
    explanation: {
      en: 'Each upload under way takes it, so it stays small: with 1 MiB a hundred phones would take as much as the app.',
      zh: '每个进行中的上传都占一份，所以要小：若为 1 MiB，一百部手机就和应用一样占内存。',
    },
    source: { en: "nginx's default, counted in the plan", zh: 'nginx 默认值，已计入规划' },
  },
  ssl_session_cache: {
    short: {
      en: 'phones that come back skip half of the handshake; 4,000 a MiB',
      zh: '再次连接的手机可省去一半握手；每 MiB 约 4000 个会话',
    },
    explanation: {
      en: 'The handshake is what costs nginx most. All processes share this memory. When it is full the oldest go.',
      zh: '握手是 nginx 最耗 CPU 的部分。这块内存由所有进程共享，满了就淘汰最旧的会话。',
    },
    source: NGINX_DOCS.tls,
  },
  ssl_session_timeout: {
    short: { en: 'how long such a session may be taken up again', zh: '会话可恢复的时长' },
    explanation: {
      en: 'A day: who opens the mini-program in the evening again is faster. Longer helps little and weakens secrecy.',
      zh: '一天：晚上再次打开小程序的人会更快。更长收益很小，且削弱保密性。',
    },
    source: { en: "Mozilla's recommendation (intermediate)", zh: 'Mozilla 推荐配置（intermediate）' },
  },
  ssl_buffer_size: {
    short: { en: 'one record of TLS', zh: '一个 TLS 记录的大小' },
    explanation: {
      en: 'A phone can read a record only when all of it is there. Answers of an API have a few KiB: with the default of 16 they would arrive no sooner and take four times the memory.',
      zh: '手机要收齐整个记录才能读。接口响应只有几 KiB，默认 16 KiB 不会更快，却占四倍内存。',
    },
    source: NGINX_DOCS.tls,
  },
  http2_max_concurrent_streams: {
    short: { en: 'requests of one phone at once', zh: '一部手机同时进行的请求数' },
    explanation: {
      en: 'A mini-program may have 10 requests under way and 10 transfers; a browser opens the console with about 20. The default of 128 lets one connection flood the app.',
      zh: '小程序最多同时 10 个请求加 10 个传输，浏览器打开控制台约 20 个。默认 128 会让一个连接就能淹没应用。',
    },
    source: {
      en: 'limits of wx.request, wx.uploadFile and wx.downloadFile',
      zh: 'wx.request、wx.uploadFile、wx.downloadFile 的并发限制',
    },
  },
  hsts: {
    short: {
      en: 'for 30 days browsers come by https only; no other domain is bound by it',
      zh: '30 天内浏览器只用 https 访问；不影响其他域名',
    },
    explanation: {
      en: 'It cannot be taken back: a browser that saw it refuses plain http, and this server when its certificate has ended. So it is a month and not two years, without includeSubDomains and without preload. Mini-programs speak https only in any case.',
      zh: '发出后无法收回：浏览器记住后会拒绝 http，证书过期时也打不开。所以只设一个月而不是两年，不含 includeSubDomains 与 preload。小程序本来就只用 https。',
    },
    source: { en: 'RFC 6797 §11', zh: 'RFC 6797 第 11 节' },
  },
  access_log_buffer: {
    short: {
      en: 'lines of the log are written together, 5 s late at most',
      zh: '日志攒在一起写盘，最多迟 5 秒',
    },
    explanation: {
      en: 'One write for hundreds of requests instead of one each: above 200 requests a second the disk of a small server has nothing else to do otherwise. A crash loses the last seconds of the log.',
      zh: '几百个请求写一次盘，而不是每个请求写一次；否则每秒超过 200 个请求时小服务器的磁盘只忙着写日志。崩溃时会丢最后几秒日志。',
    },
    source: { en: 'what maque doctor demands (F8)', zh: 'maque doctor 的要求（F8）' },
  },
  limit_req: {
    short: {
      en: 'requests a second of one address, and how many may come at once; above them 429',
      zh: '单个地址每秒的请求数，以及可一次涌来的数量；超过返回 429',
    },
    explanation: {
      en: 'Only a broken loop or a scraper is to be stopped here. Carriers, schools and offices put hundreds of phones behind one address, and a page opens with a dozen requests: 400 at once are thirty phones that open it in the same second. What a single user may do, Maque itself counts (MAQUE_RATE_LIMIT_USER). Too low shows as 429 in the log: then raise it. Behind a load balancer all phones have one address: set real_ip_header first.',
      zh: '这里只拦死循环和爬虫。运营商、学校、公司的一个地址后面有几百部手机，打开一页就有十几个请求：一次 400 个，相当于三十部手机在同一秒打开。单个用户的次数由 Maque 自己限制（MAQUE_RATE_LIMIT_USER）。太低会在日志里出现 429，此时调高。前面有负载均衡时所有手机是同一个地址，必须先设 real_ip_header。',
    },
    source: NGINX_DOCS.limits,
  },
  notices: {
    short: {
      en: 'calls of WeChat under way at once, from whatever address; above them 503, and WeChat comes again',
      zh: '微信回调同时进行的数量，不限来源地址；超过返回 503，微信会再次发送',
    },
    explanation: {
      en: 'In a sale all payments are told of from a few addresses of WeChat. With the limits of phones the shop would learn of some of them minutes later. Everybody can call these paths, so there is a bound; who is not WeChat fails at the signature.',
      zh: '大促时所有支付结果都从微信的少数几个地址发来。若按手机的限额，有些订单几分钟后才知道已支付。这些路径谁都能请求，所以仍有上限；不是微信的请求过不了验签。',
    },
    source: {
      en: 'WeChat Pay repeats a notice after 15 s, 15 s, 30 s, 3 min, 10 min and so on, for a day. 16 is an assumption, taken from the requests of all.',
      zh: '微信支付按 15 秒、15 秒、30 秒、3 分钟、10 分钟……重发，持续一天。16 为假定值，从全部请求数中划出。',
    },
  },
  limit_req_zone: {
    short: { en: 'memory for the counts of 8,000 addresses', zh: '记录约 8000 个地址的内存' },
    explanation: {
      en: 'When it is full the address that was not seen longest is forgotten, so an attack from many addresses does not fill the memory.',
      zh: '满了就忘掉最久没出现的地址，大量地址的攻击也占不满内存。',
    },
    source: NGINX_DOCS.limits,
  },
  limit_conn: {
    short: {
      en: 'requests under way from one address, and of all together; above them 503',
      zh: '单个地址与全部地址同时进行的请求数；超过返回 503',
    },
    explanation: {
      en: 'Each request holds buffers: this bound times what one takes is the line of the plan, so a crowd of slow phones cannot take more. Too low shows as 503 with an empty upstream in the access log.',
      zh: '每个请求都占缓冲区：这个上限乘以单个占用，就是规划中的那一行，再多慢速手机也占不了更多。太低时访问日志里会出现 upstream 为空的 503。',
    },
    source: {
      en: 'the plan: requests being passed on; one address may have three quarters of them',
      zh: '规划：正在转发的请求；单个地址最多占四分之三',
    },
  },
  limit_conn_zone: {
    short: { en: 'memory for the counts of 16,000 addresses', zh: '记录约 16000 个地址的内存' },
    explanation: {
      en: 'It only counts addresses that have a request under way. When it is full new addresses get 503.',
      zh: '只记录正有请求进行的地址。满了之后新地址会得到 503。',
    },
    source: NGINX_DOCS.limits,
  },
  gzip_min_length: {
    short: { en: 'smaller answers fit in one packet as they are', zh: '更小的响应一个数据包就够，不必压缩' },
    explanation: {
      en: 'A packet carries about 1,400 bytes: what fits does not arrive sooner when it is smaller, and compressing costs CPU.',
      zh: '一个数据包约 1400 字节：放得下的压缩后也不会更快到达，只多花 CPU。',
    },
    source: { en: 'an Ethernet packet', zh: '以太网数据包' },
  },
  gzip_comp_level: {
    short: { en: 'how hard it tries', zh: '压缩级别' },
    explanation: {
      en: 'Above 4 JSON becomes 2 or 3 % smaller for twice the CPU.',
      zh: '高于 4 时 JSON 只再小 2–3%，CPU 却要翻倍。',
    },
    source: { en: 'chosen; common experience with zlib on JSON', zh: '选定值；zlib 压缩 JSON 的常见经验' },
  },
  gzip_buffers: {
    short: { en: 'what is compressed and not yet sent', zh: '已压缩但未发出的内容' },
    explanation: {
      en: 'The default of 128 KiB for each answer is more than most answers have; this is counted in the plan.',
      zh: '默认每个响应 128 KiB，比多数响应还大；此值已计入规划。',
    },
    source: { en: 'the plan', zh: '规划' },
  },
} as const satisfies Record<string, Row>;
