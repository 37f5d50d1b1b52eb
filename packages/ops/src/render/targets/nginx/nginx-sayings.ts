import type { Text } from '@maque/kit';

/** Why something without a number is as it is. */
export const NGINX_SAYINGS = {
  user: {
    en: 'As Debian and Ubuntu have it; nginx on CentOS, TencentOS and Alibaba Cloud Linux.',
    zh: 'Debian 与 Ubuntu 的用户名；CentOS、TencentOS、Alibaba Cloud Linux 为 nginx。',
  },
  version: { en: "Which version runs here is nobody else's business.", zh: '不对外透露版本号。' },
  sites: {
    en: 'Sites stand here. sites-enabled is not read: what else is served moves into conf.d.',
    zh: '站点都放在这里。不再读取 sites-enabled：其他站点请移到 conf.d。',
  },
  logFormat: {
    en: 'The usual line, and behind it names and values: times of the app, tries, the cache. Without what follows "?" in an\naddress, where tokens and names of people stand.',
    zh: '常见的日志行，后面附上名称与值：应用耗时、重试、缓存。地址中 "?" 之后的内容不写入，那里可能有令牌和个人信息。',
  },
  reset: {
    en: 'Who was given up is gone at once, with its buffers.',
    zh: '超时的连接立即断开，归还缓冲区。',
  },
  upgrade: {
    en: 'Only WebSocket may change the protocol; everything else keeps its connection to the app.',
    zh: '只允许升级为 WebSocket；其他请求复用到应用的连接。',
  },
  noGzip: {
    en: 'Maque compresses its answers itself, with brotli where the phone can.',
    zh: 'Maque 自己压缩响应，手机支持时用 brotli。',
  },
  gzip: {
    en: 'For programs that do not compress; what is compressed already goes through as it is.',
    zh: '为自己不压缩的程序压缩；已压缩的原样转发。',
  },
  tls: {
    en: 'WeChat demands TLS 1.2 at least. All of these have forward secrecy; phones choose what their chip is fast at.',
    zh: '微信要求至少 TLS 1.2。以下套件都有前向保密；由手机选择自己硬件擅长的。',
  },
  tickets: {
    en: 'Their key would stay the same until the next restart: who has it reads all that was said since.',
    zh: '票据密钥到下次重启都不变：谁拿到它就能读出这期间的全部通信。',
  },
  stapling: {
    en: "Let's Encrypt has ended OCSP (2025). Turn it on only for a certificate with an OCSP address (openssl x509 -noout\n-ocsp_uri), with a resolver that answers.",
    zh: "Let's Encrypt 已停用 OCSP（2025 年）。只有证书带 OCSP 地址（openssl x509 -noout -ocsp_uri）且 resolver 可用时才开启。",
  },
  notices: {
    en: 'WeChat calls from a few addresses with the payments of everybody, and repeats what is refused a few times only: it\nis counted apart from phones.',
    zh: '微信从少数地址发来所有人的支付结果与消息，被拒后只重试有限的几次：与手机请求分开计数。',
  },
  kinds: {
    en: 'Requests and WebSockets are counted apart: an empty key does not count.',
    zh: '请求与 WebSocket 分开计数：键为空则不计。',
  },
  quiet: {
    en: 'Whoever was turned away stands in the access log; a flood must not fill the error log, too.',
    zh: '被拒的请求访问日志里都有；洪水来时不该再把错误日志写满。',
  },
  cacheFor: {
    en: 'Who logs in, asks for a part of a file, or has a copy already is answered by the app itself.',
    zh: '已登录、只要文件的一部分、或已有副本的请求，都由应用亲自回答。',
  },
  cacheOnly: {
    en: 'Nothing is kept that the app did not call public.',
    zh: '应用没有标为 public 的一律不缓存。',
  },
  strangers: {
    en: 'Who does not know the name gets nothing: scanners, and domains of others that point here. They see the certificate;\nfrom nginx 1.19.4 on "ssl_reject_handshake on;" in its place hides that, too. Another default_server in conf.d (the\ndefault.conf that comes with nginx.org) has to go.',
    zh: '不知道域名的访客什么也得不到：扫描器，以及他人指向本机的域名（未备案域名会带来麻烦）。他们仍能看到证书；\nnginx 1.19.4 起可改写 "ssl_reject_handshake on;"，证书也不露。conf.d 中若还有 default_server（如 nginx.org 自带的\ndefault.conf），需要删除。',
  },
  first: {
    en: 'Before the first start: certbot certonly --standalone -d {names}\nThen once, so that nginx need not stop for a renewal: mkdir -p /var/www/acme && certbot certonly --force-renewal \\\n  --webroot -w /var/www/acme --deploy-hook "systemctl reload nginx" -d {names}',
    zh: '首次启动之前：certbot certonly --standalone -d {names}\n启动后执行一次，以后续签无需停 nginx:mkdir -p /var/www/acme && certbot certonly --force-renewal \\\n  --webroot -w /var/www/acme --deploy-hook "systemctl reload nginx" -d {names}',
  },
  acme: {
    en: 'Where certificates are renewed: it must be reachable without TLS.',
    zh: '证书续签用，必须能用 http 访问。',
  },
  http2: {
    en: 'From nginx 1.25.1 on this is said as "http2 on;", which older ones refuse; both take this.',
    zh: 'nginx 1.25.1 起写作 "http2 on;"，旧版本不认；这种写法新旧都接受。',
  },
  chain: {
    en: 'The whole chain, own certificate first: phones do not fetch what is missing.',
    zh: '完整证书链，自己的证书在最前：手机不会自己去下载缺少的部分。',
  },
  headers: {
    en: 'What a phone says of its own address is not believed. Maque believes these with MAQUE_TRUSTED_PROXY=127.0.0.1.\nBehind a load balancer: set_real_ip_from its network, and real_ip_header X-Forwarded-For.',
    zh: '手机自报的地址不可信。Maque 需设 MAQUE_TRUSTED_PROXY=127.0.0.1 才采信这些头。\n前面有负载均衡时，用 set_real_ip_from 写明其网段，并设 real_ip_header X-Forwarded-For。',
  },
  realtime: {
    en: 'WebSockets: no hurry, nothing held back.',
    zh: 'WebSocket：不设短超时，不缓冲。',
  },
  metrics: {
    en: 'Numbers for Prometheus are on the loopback port of the keeper, and for nobody outside.',
    zh: 'Prometheus 指标在守护进程的本机端口，不对外。',
  },
  actuator: {
    en: 'Spring tells too much there.',
    zh: 'Spring 在这里透露太多。',
  },
  app: {
    en: 'Also the console at /_/, which has its own login.',
    zh: '包括控制台 /_/，它有自己的登录。',
  },
  plainApp: { en: 'Everything else.', zh: '其余全部。' },
  stale: {
    en: 'While the app is away, what is public may be answered from the cache.',
    zh: '应用不在时，公开内容可由缓存应答。',
  },
  errors: {
    en: "nginx's own errors, in the form that the app has for its errors.",
    zh: 'nginx 自身的错误，与应用的错误格式相同。',
  },
} satisfies Record<string, Text>;
