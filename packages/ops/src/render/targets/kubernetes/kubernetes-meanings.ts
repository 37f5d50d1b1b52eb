import { defineMeanings } from '../../meaning.ts';
import { CONTAINER_ROWS } from '../container/container-rows.ts';

export const kubernetesMeanings = defineMeanings('kubernetes', {
  ...CONTAINER_ROWS,
  memory_request: {
    short: { en: 'the memory that a node must have free for it', zh: '调度时节点须为它留出的内存' },
    explanation: {
      en: 'Kubernetes places a pod by what it requests. Too small: too many pods share a node, and whoever is above its request is evicted first. None at all: first of all. Too large: nodes stand empty.',
      zh: 'Kubernetes 按 requests 安排 Pod。太小：节点上挤太多 Pod，超出 requests 的先被驱逐；不写则最先被驱逐。太大：节点空着浪费。',
    },
    source: { en: 'the plan: its budget', zh: '规划：它的预算' },
  },
  memory_limit: {
    short: { en: 'at this it is killed: OOMKilled, exit code 137', zh: '达到即被杀：OOMKilled，退出码 137' },
    explanation: {
      en: 'Without it one leak takes the whole node. Too small: killed under load, before V8 or the JVM can collect. A heap of Node stays below three quarters of it, since more than the heap lives there.',
      zh: '不设置时一个泄漏会拖垮整个节点。太小：高负载时在 V8 或 JVM 回收之前就被杀。Node 的堆不超过它的四分之三，其余留给堆外内存。',
    },
    source: { en: 'the plan: budget × 1.05, or the heap ÷ 0.75', zh: '规划：预算 × 1.05，或堆 ÷ 0.75' },
  },
  cpu_request: {
    short: { en: 'the processor time that a node must have free for it', zh: '调度时节点须为它留出的处理器' },
    explanation: {
      en: 'When a node is busy, time is shared out by the requests. There is no limit of CPU on purpose: at a limit a program is stopped for parts of each tenth of a second although processors are idle.',
      zh: '节点繁忙时按 requests 分配时间。故意不设 CPU 上限：到上限后即使处理器空闲，程序也会在每 0.1 秒内被暂停一部分。',
    },
    source: {
      en: 'half a core for each worker, at most the cores of the plan',
      zh: '每个工作进程半核，不超过规划的核数',
    },
  },
  ephemeral_storage: {
    short: {
      en: 'room on the disk of the node, for what it prints and for /tmp',
      zh: '节点磁盘空间，用于日志输出与 /tmp',
    },
    explanation: {
      en: 'Above the limit the pod is evicted; without one it can fill the disk of the node, and all its pods are evicted.',
      zh: '超过上限会被驱逐；不设置则可能写满节点磁盘，殃及所有 Pod。',
    },
    source: {
      en: 'logs of containers are rotated at 10 MiB, 5 files, unless told',
      zh: '容器日志默认 10 MiB 一个、保留 5 个',
    },
  },
  replicas: {
    short: { en: 'how many pods there are', zh: 'Pod 数量' },
    explanation: {
      en: 'With one pod every update of a node is an outage. Maque is the exception: its database is a file, and two pods with one file would break it.',
      zh: '只有一个 Pod 时，节点维护就是停机。Maque 例外：数据库是文件，两个 Pod 共用会损坏它。',
    },
    source: {
      en: 'the workers of the plan, two at least; one for Maque',
      zh: '规划的工作进程数，至少两个；Maque 为一个',
    },
  },
  most_replicas: {
    short: { en: 'how far it may grow', zh: '最多扩到多少' },
    explanation: {
      en: 'Too small: it cannot follow a rush. Too large: all pods together open more connections than the database takes, and everything fails at once. max_connections must hold this many pods, each with its pool.',
      zh: '太小：跟不上突发流量。太大：所有 Pod 的连接数超过数据库上限，会一起失败。max_connections 要容得下“Pod 数 × 连接池”。',
    },
    source: {
      en: 'twice the usual number; the connections stand in the remark',
      zh: '平时数量的两倍；对应连接数见注释',
    },
  },
  loop_target: {
    short: {
      en: 'share of time that the event loop is busy, in thousandths; above it pods are added',
      zh: '事件循环繁忙比例（千分比），超过则增加 Pod',
    },
    explanation: {
      en: 'JavaScript runs on one thread: at 1000m it is full, whatever the processors say, and requests wait from some 700m on. The number is what maque_event_loop_utilization_ratio says. Too low: idle pods. Too high: answers are slow before help comes.',
      zh: 'JavaScript 是单线程：1000m 即满，700m 左右请求开始排队。取自指标 maque_event_loop_utilization_ratio。太低：Pod 空闲。太高：变慢了才扩容。',
    },
    source: {
      en: 'waiting grows with 1 ÷ (1 - utilization): 2.5 times at 600m',
      zh: '等待时间随 1 ÷ （1 − 利用率） 增长：600m 时约 2.5 倍',
    },
  },
  cpu_target: {
    short: {
      en: 'percent of the requested processor time; above it pods are added',
      zh: '处理器占 requests 的百分比，超过则增加 Pod',
    },
    explanation: {
      en: 'The metric that every cluster has (metrics-server). Too low: idle pods. Too high: answers are slow before help comes.',
      zh: '每个集群都有的指标（metrics-server）。太低：Pod 空闲。太高：变慢了才扩容。',
    },
    source: { en: 'room for the minute that a new pod takes', zh: '为新 Pod 启动的一分钟留出余量' },
  },
  scale_up: {
    short: { en: 'how fast pods are added', zh: '扩容速度' },
    explanation: {
      en: 'At once, and at most as many again in a minute: a flash sale comes within seconds, but every start takes processor time from those who serve.',
      zh: '立即扩容，每分钟最多翻倍：抢购几秒内就到，但启动新 Pod 也会占用正在服务者的处理器。',
    },
    source: {
      en: 'the defaults of Kubernetes, without its four pods at once',
      zh: 'Kubernetes 默认值，去掉一次四个的规则',
    },
  },
  scale_down: {
    short: { en: 'how slowly pods are taken away', zh: '缩容速度' },
    explanation: {
      en: 'One a minute, after five quiet minutes. Faster: the number swings up and down with every wave, and each pod that goes has to finish its requests.',
      zh: '安静五分钟后每分钟减一个。太快：数量随波动来回摇摆，每个退出的 Pod 都要先处理完请求。',
    },
    source: { en: 'the five minutes are the default of Kubernetes', zh: '五分钟是 Kubernetes 默认值' },
  },
  surge: {
    short: {
      en: 'an update starts one pod first, and takes none away before it serves',
      zh: '更新时先多起一个，能服务后再减',
    },
    explanation: {
      en: 'The default takes a quarter away at once. With two pods that would be half of all.',
      zh: '默认会先减四分之一；只有两个 Pod 时就是少一半。',
    },
    source: { en: 'maxSurge 1, maxUnavailable 0', zh: 'maxSurge 1、maxUnavailable 0' },
  },
  disruption: {
    short: {
      en: 'at most one pod goes at a time when nodes are emptied',
      zh: '腾空节点时一次最多走一个 Pod',
    },
    explanation: {
      en: 'Without it an update of the nodes may take all pods at once. "minAvailable: 1" with one pod would forbid every update of its node.',
      zh: '不设置时，节点升级可能同时赶走所有 Pod。单个 Pod 若写 minAvailable: 1，节点就永远无法维护。',
    },
    source: {
      en: 'unlike minAvailable it stays right when pods are added or taken away; Maque, with one pod, has none',
      zh: '与 minAvailable 不同，增减 Pod 后仍然正确；Maque 只有一个 Pod，不需要',
    },
  },
  spread: {
    short: {
      en: 'pods of it on one node may be one more than on another',
      zh: '各节点上的 Pod 数最多相差一个',
    },
    explanation: {
      en: 'Otherwise all pods may lie on one node and go with it. A wish and no rule, so that a cluster of one node works, too.',
      zh: '否则所有 Pod 可能挤在同一节点，一起挂掉。这里是“尽量”，单节点集群也能用。',
    },
    source: { en: 'kubernetes.io/docs: topology spread constraints', zh: 'kubernetes.io 文档：拓扑分布约束' },
  },
  startup_probe: {
    short: { en: 'a start may take period × failures seconds', zh: '启动最长可用 period × 次数 秒' },
    explanation: {
      en: 'Until it passes once, the other probes wait. Too short: a cold start with a change of tables on a slow disk is killed, again and again.',
      zh: '通过之前其他探针不生效。太短：慢磁盘上带表结构变更的冷启动会被反复杀死。',
    },
    source: {
      en: 'workers may take 30 s to start; a change of large tables takes longer',
      zh: '工作进程启动最多 30 秒；大表变更更久',
    },
  },
  liveness_probe: {
    short: {
      en: 'restarted after period × failures seconds without an answer',
      zh: '持续无应答 period × 次数 秒后重启',
    },
    explanation: {
      en: 'The last resort: the keeper replaces a worker that hangs after 10 s by itself. Too short: a busy program is killed for being busy, and its load falls on the others. It never asks the database: a restart mends no database.',
      zh: '最后手段：工作进程卡死 10 秒后由守护进程替换。太短：忙碌的程序被误杀，负载压到其他 Pod。它不查数据库：重启治不好数据库。',
    },
    source: {
      en: 'six times what the keeper needs to replace a worker',
      zh: '守护进程替换工作进程所需时间的六倍',
    },
  },
  readiness_probe: {
    short: {
      en: 'gets no requests after period × failures seconds without an answer',
      zh: '持续无应答 period × 次数 秒后不再分配请求',
    },
    explanation: {
      en: '/readyz denies while it drains, is critically short of memory, or the database does not answer within 2 s, so the timeout is longer than that.',
      zh: '/readyz 在收尾、内存告急或数据库 2 秒内无响应时拒绝，因此超时要比 2 秒长。',
    },
    source: { en: 'the readiness check gives its database 2 s', zh: '就绪检查给数据库 2 秒' },
  },
  pre_stop: {
    short: {
      en: 'seconds in which it still serves while it is taken off the list',
      zh: '从服务列表摘除期间继续服务的秒数',
    },
    explanation: {
      en: 'Kubernetes takes a pod off the list and stops it at the same time; proxies learn of it seconds later. Without the pause those requests are refused.',
      zh: 'Kubernetes 摘除 Pod 与停止它同时进行，代理要几秒后才知道。没有这段等待，期间的请求会被拒绝。',
    },
    source: { en: 'how long endpoints take to reach all nodes', zh: 'Endpoint 变更传到所有节点的时间' },
  },
  grace_period: {
    short: {
      en: 'seconds until SIGKILL: the pause, the drain of 10 s, and room',
      zh: '强制结束前的秒数：等待 + 10 秒收尾 + 余量',
    },
    explanation: {
      en: 'Too short: requests under way are cut off. Too long: an update waits for a program that hangs.',
      zh: '太短：正在处理的请求被中断。太长：更新会被卡死的程序拖住。',
    },
    source: {
      en: 'pause 5 + drain 10, and 15 for the ends of processes',
      zh: '等待 5 + 收尾 10，另留 15 秒给进程退出',
    },
  },
  user_id: {
    short: {
      en: 'who it runs as: the user node of the image, never root',
      zh: '运行用户：镜像中的 node，绝不是 root',
    },
    explanation: {
      en: 'What breaks out of a container as root is root on the node. The volume belongs to the same group, or the program could not write its data.',
      zh: '以 root 逃出容器就是节点的 root。存储卷属于同一用户组，否则程序写不了数据。',
    },
    source: { en: 'images of Node have it as 1000', zh: 'Node 官方镜像中为 1000' },
  },
  temporary_size: {
    short: { en: 'the most that may lie in /tmp', zh: '/tmp 的大小上限' },
    explanation: {
      en: 'All else of the container cannot be written. Too small: what makes large temporary files fails. Too large: see ephemeral storage.',
      zh: '容器其余部分只读。太小：需要大临时文件的操作失败。太大：见 ephemeral_storage。',
    },
    source: { en: 'uploads go to the data folder and not there', zh: '上传写入数据目录，不经过这里' },
  },
  disk_size: {
    short: { en: 'room for the database, files, logs and backups', zh: '数据库、文件、日志与备份的空间' },
    explanation: {
      en: 'A disk that is full stops every write. It can be made larger later where the storage class allows it, never smaller.',
      zh: '磁盘写满后无法写入。存储类允许时可扩容，但不能缩小。',
    },
    source: {
      en: 'half of the disk of the plan, 20 to 100 GiB in steps of ten, as cloud disks are sold',
      zh: '规划磁盘的一半，20–100 GiB，按云盘的售卖步长取整十',
    },
  },
  body_size: {
    short: { en: 'the largest upload; above it 413', zh: '最大的上传，超过返回 413' },
    explanation: {
      en: 'The ingress refuses larger bodies before the program sees them. Its default is 1m, which a photo of a phone exceeds. Too large: somebody fills the disk of the ingress with bodies.',
      zh: '更大的请求体在到达程序之前就被 Ingress 拒绝。默认 1m，手机照片就会超过。太大：有人可用请求体占满 Ingress 的磁盘。',
    },
    source: { en: 'the same as client_max_body_size of nginx', zh: '与 nginx 的 client_max_body_size 相同' },
  },
  realtime_timeout: {
    short: {
      en: 'a WebSocket on which both are silent for so many seconds is closed',
      zh: 'WebSocket 双方都沉默这么多秒才关闭',
    },
    explanation: {
      en: 'The default of 60 s ends every quiet WebSocket. Maque pings its sockets itself and closes dead ones. Too long costs only memory for sockets that nobody closed.',
      zh: '默认 60 秒会断开所有安静的 WebSocket。Maque 自己发心跳并关闭失效连接。太长只是多占一些没人关闭的连接的内存。',
    },
    source: { en: 'the same as in nginx: one hour', zh: '与 nginx 相同：一小时' },
  },
  outgoing_ports: {
    short: {
      en: 'out go only DNS, HTTPS (WeChat, object storage), and what holds the data',
      zh: '只允许访问 DNS、HTTPS（微信、对象存储）与数据服务',
    },
    explanation: {
      en: 'What broke into a program cannot look around in your network or send mail. If the program needs more (SMTP 465, MongoDB 27017), add the port here; the sign of a missing one is a connection that times out.',
      zh: '攻破程序的人无法扫描内网，也不能发垃圾邮件。程序若需要其他端口（SMTP 465、MongoDB 27017），请加在这里；缺端口的表现是连接超时。',
    },
    source: {
      en: 'ports by custom: 53, 443, 3306, 6379; 6379 and 3306 in private networks only',
      zh: '惯用端口：53、443、3306、6379；其中 3306 与 6379 仅限内网地址',
    },
  },
  metrics_port: {
    short: { en: 'where Prometheus asks the guard of the program', zh: 'Prometheus 向守护库读取指标的端口' },
    explanation: {
      en: 'It answers only to who has the token MAQUE_GUARD_METRICS_TOKEN, and only where the image starts with node --import @maque/guard/register.',
      zh: '须携带 MAQUE_GUARD_METRICS_TOKEN，且镜像以 node --import @maque/guard/register 启动时才有。',
    },
    source: { en: 'the port that exporters of OpenTelemetry have', zh: 'OpenTelemetry 导出器的惯用端口' },
  },
});
