import type { Text } from '@maque/kit';
import type { KillMechanism } from './kill.ts';

/** What a beginner is told of who ended a process. */
export interface MechanismText {
  readonly title: Text;
  /** What it is, and how it decides. */
  readonly explanation: Text;
  /** What to look at, and what to do in general; the lines for one kill are in its findings. */
  readonly advice: Text;
}

/** Every way in which a process ends for want of memory, as the reference explains it. */
export const MECHANISM_TEXTS: Readonly<Record<KillMechanism, MechanismText>> = {
  'kernel-oom': {
    title: { en: "The kernel's OOM killer", zh: '内核 OOM killer' },
    explanation: {
      en: 'Linux gives out more memory than there is, since programs rarely use all that they ask for. When the bill comes and neither free memory nor swap is left, in the whole machine or in one control group with a limit, the kernel picks one process and ends it by SIGKILL. It takes the largest one, moved up or down by oom_score_adj; it does not ask whose fault it was. The process cannot catch it, writes nothing into its own log, and exits with 137 (128 + 9).',
      zh: 'Linux 允许分配超过实际数量的内存，因为程序很少用满申请的量。当真正要用、而空闲内存和交换空间都已耗尽时（整机，或某个有上限的控制组），内核会挑一个进程用 SIGKILL 结束。它按占用大小挑选，并受 oom_score_adj 影响，并不追究是谁的责任。被杀的进程无法捕获该信号，自己的日志里什么也没有，退出码为 137（128 + 9）。',
    },
    advice: {
      en: 'Look at whose limit it was: the machine (CONSTRAINT_NONE) or a group (CONSTRAINT_MEMCG). Then at who had the memory: often not the one that died. Give every service a limit of its own that fits into the machine, so that a leak hits the one that leaks.',
      zh: '先看撞上的是谁的上限：整机（CONSTRAINT_NONE）还是控制组（CONSTRAINT_MEMCG）；再看谁占着内存，往往不是被杀的那个。给每个服务设定总和装得进整机的上限，这样谁泄漏就由谁承担。',
    },
  },
  'kernel-oom+systemd-note': {
    title: {
      en: "The kernel's OOM killer, with systemd's remark",
      zh: '内核 OOM killer，并有 systemd 记录',
    },
    explanation: {
      en: 'The same as above; systemd also saw that a process of one of its units was killed, and tells which unit. What happens then is up to OOMPolicy= of the unit: by default systemd stops the rest of the service too.',
      zh: '同上；systemd 也注意到其单元中的进程被杀，并记下是哪个单元。之后怎么办由单元的 OOMPolicy= 决定：默认会把该服务的其余进程一并停掉。',
    },
    advice: {
      en: 'As above. For a service of several processes that can lose one, set OOMPolicy=continue and Restart=always.',
      zh: '同上。若服务由多个进程组成、少一个也能继续，设置 OOMPolicy=continue 与 Restart=always。',
    },
  },
  'systemd-note': {
    title: { en: "Only systemd's remark", zh: '只有 systemd 的记录' },
    explanation: {
      en: "systemd says that a process of a unit was killed for want of memory. The kernel's own report, which tells of sizes and of the others, is not in this log.",
      zh: 'systemd 记录到单元内的进程因内存不足被杀，但日志里没有内核自己的报告，因此不知道各进程的大小。',
    },
    advice: {
      en: "Give the kernel's log as well: `journalctl -k`, `dmesg -T`, /var/log/kern.log or /var/log/messages.",
      zh: '请同时提供内核日志：`journalctl -k`、`dmesg -T`、/var/log/kern.log 或 /var/log/messages。',
    },
  },
  earlyoom: {
    title: { en: 'earlyoom', zh: 'earlyoom' },
    explanation: {
      en: 'A small program that watches free memory and free swap, and ends a process while the machine still answers: SIGTERM at the first threshold, SIGKILL at the second. Like the kernel it goes by oom_score; whom it took is not always who had the memory.',
      zh: '一个监视空闲内存与交换空间的小程序，在机器还能响应时先动手：到第一个阈值发 SIGTERM，到第二个发 SIGKILL。它与内核一样按 oom_score 挑选，被选中的未必就是占内存的。',
    },
    advice: {
      en: 'Look at the lines "mem avail" before it. Protect what must stay with --avoid, name what may go with --prefer, and find who grew.',
      zh: '查看之前的 “mem avail” 行。用 --avoid 保护重要进程，用 --prefer 指定可以先杀的，并找出谁在增长。',
    },
  },
  nohang: {
    title: { en: 'nohang', zh: 'nohang' },
    explanation: {
      en: 'Like earlyoom, with more settings: it also looks at memory pressure (PSI), and may run a command instead of sending a signal.',
      zh: '与 earlyoom 类似但设置更多：还会看内存压力（PSI），也可以执行命令而不是发信号。',
    },
    advice: {
      en: 'Its log shows a table of who had how much, just before the kill. Protect what must stay with @BADNESS_ADJ lines in its configuration.',
      zh: '杀之前的日志里有一张占用表。用配置中的 @BADNESS_ADJ 行保护重要进程。',
    },
  },
  lmkd: {
    title: { en: "Android's low memory killer", zh: 'Android 的低内存查杀（lmkd）' },
    explanation: {
      en: 'Android, also where a server runs it in containers (cloud phones), ends apps in the background while memory is short, the least needed first. An app must expect it.',
      zh: 'Android（包括服务器上以容器运行的云手机）在内存紧张时会结束后台应用，最不需要的先走。应用应当能承受这一点。',
    },
    advice: {
      en: 'Give the Android system more memory, or run fewer apps in it; an oom_score_adj of 900 and more is an app that nobody looks at.',
      zh: '给 Android 更多内存，或少运行一些应用；oom_score_adj 在 900 以上的是已无人使用的后台应用。',
    },
  },
  'systemd-oomd': {
    title: { en: 'systemd-oomd', zh: 'systemd-oomd' },
    explanation: {
      en: 'A service of systemd that ends a whole control group, with all processes in it, when processes wait too long for memory (pressure) or swap is nearly full. It acts long before the kernel would.',
      zh: 'systemd 的一个服务：当进程等待内存的时间过长（压力过高）或交换空间快用完时，结束整个控制组及其中全部进程，动手远早于内核。',
    },
    advice: {
      en: 'The line tells pressure and limit. On a small server set ManagedOOMPreference=avoid for what must stay, or switch it off (systemctl disable --now systemd-oomd) once every service has a limit of its own.',
      zh: '日志行会写明压力与阈值。小服务器上可为重要服务设置 ManagedOOMPreference=avoid；若各服务都有自己的上限，也可停用它（systemctl disable --now systemd-oomd）。',
    },
  },
  'v8-heap-limit': {
    title: { en: "V8's own limit (Node)", zh: 'V8 自身的上限（Node）' },
    explanation: {
      en: 'Node keeps objects in a heap with a limit: --max-old-space-size, or a default that follows the size of the machine. When it is full even after a full collection, V8 prints "JavaScript heap out of memory" and aborts: exit code 134 (128 + 6). The machine may have had plenty of memory.',
      zh: 'Node 把对象放在有上限的堆里：由 --max-old-space-size 设定，或取随机器大小变化的默认值。完整回收之后仍然放不下时，V8 打印 “JavaScript heap out of memory” 并中止，退出码 134（128 + 6）。此时整机可能还有很多内存。',
    },
    advice: {
      en: 'First find out whether it leaks (`maque run`, `maque guard`): a larger heap only makes a leak die later. If it does not, give it the heap that fits into the limit of its service.',
      zh: '先弄清是否泄漏（`maque run`、`maque guard`）：加大堆只会让泄漏晚点出事。若不泄漏，再给它一个装得进服务上限的堆。',
    },
  },
  'jvm-heap-limit': {
    title: { en: "Java's own limit", zh: 'Java 自身的上限' },
    explanation: {
      en: 'java.lang.OutOfMemoryError: the JVM reached a limit that it was given: the heap (-Xmx), metaspace, or direct buffers. Only the thread that asked gets the error; the process may go on in an unknown state, unless -XX:+ExitOnOutOfMemoryError ends it.',
      zh: 'java.lang.OutOfMemoryError：JVM 撞上了给它的上限：堆（-Xmx）、元空间或直接缓冲区。只有申请内存的线程收到错误，进程可能以不可靠的状态继续运行，除非用 -XX:+ExitOnOutOfMemoryError 让它退出。',
    },
    advice: {
      en: 'Read what stands behind the colon: "Java heap space" is -Xmx, "Metaspace" is -XX:MaxMetaspaceSize, "Direct buffer memory" is -XX:MaxDirectMemorySize, "GC overhead limit exceeded" is a heap that is nearly full. Let it exit and be restarted, and keep a heap dump where there is disk for it.',
      zh: '看冒号后面：“Java heap space” 对应 -Xmx，“Metaspace” 对应 -XX:MaxMetaspaceSize，“Direct buffer memory” 对应 -XX:MaxDirectMemorySize，“GC overhead limit exceeded” 表示堆几乎已满。让它退出并由守护进程重启，磁盘够的话保留堆转储。',
    },
  },
  'php-memory-limit': {
    title: { en: "PHP's own limit", zh: 'PHP 自身的上限' },
    explanation: {
      en: 'PHP gives each request as much memory as memory_limit says, 128 MiB unless told. A request that needs more is cut off with an error (500); the process lives on, and the machine may have had plenty.',
      zh: 'PHP 按 memory_limit 限制每个请求的内存，默认 128 MiB。超过的请求会报错中止（500）；进程继续运行，整机可能还有很多内存。',
    },
    advice: {
      en: 'The message names file and line: usually all rows of a table are read at once. memory_limit times the number of children has to fit into the machine, so raise it for that script only.',
      zh: '报错会指出文件和行号：通常是一次读出整张表。memory_limit 乘以子进程数必须装得进整机，所以只为该脚本调高。',
    },
  },
  'allocation-failed': {
    title: { en: 'The system said no', zh: '系统拒绝分配内存' },
    explanation: {
      en: 'The program asked for memory, the answer was "there is none" (ENOMEM), and it ended by itself: a JVM that cannot commit its heap, MariaDB that cannot take its buffer pool, a MemoryError of Python. It happens at start, with vm.overcommit_memory=2, with ulimit -v, or where too many threads were made.',
      zh: '程序申请内存，得到的回答是 “没有了”（ENOMEM），于是自行退出：JVM 无法提交堆、MariaDB 分配不到缓冲池、Python 抛出 MemoryError。常见于启动时、vm.overcommit_memory=2、设置了 ulimit -v，或线程过多时。',
    },
    advice: {
      en: 'Look at what was asked for and what was free (`free -m`) at that moment; make what is asked for smaller, or add swap so that a promise does not need memory at once.',
      zh: '看当时申请了多少、还剩多少（`free -m`）；减小申请量，或添加交换空间。',
    },
  },
  'pm2-restart': {
    title: { en: "PM2's memory limit", zh: 'PM2 的内存上限' },
    explanation: {
      en: 'PM2 looks at each app every 30 s and restarts the one whose resident memory is above max_memory_restart. It is no protection from a fast leak, and it hides a slow one: users see cut requests instead of an alarm.',
      zh: 'PM2 每 30 秒看一次各应用，常驻内存超过 max_memory_restart 的就重启。它挡不住快速泄漏，又会掩盖慢速泄漏：用户看到的是请求中断，而不是告警。',
    },
    advice: {
      en: 'Count how often it happens. A heap limit below this limit lets V8 collect first; a restart every few hours is a leak to be found.',
      zh: '数一数多久发生一次。把堆上限设在它之下，让 V8 先回收；若每几小时重启一次，就是要查的泄漏。',
    },
  },
  container: {
    title: {
      en: "A container's limit (Docker, containerd, Podman)",
      zh: '容器的上限（Docker、containerd、Podman）',
    },
    explanation: {
      en: "The container's memory limit was reached, and the kernel killed a process in it. Where that was the main process, the container ended with 137.",
      zh: '容器达到内存上限，内核杀死了其中的进程。若被杀的是主进程，容器以 137 退出。',
    },
    advice: {
      en: "The kernel's log of the host has the details. Set the heap below the limit (a heap of 75 % of it at most), and the limit where the sum of all containers fits the machine.",
      zh: '详情在宿主机的内核日志里。堆上限应低于容器上限（最多 75%），所有容器上限之和应装得进整机。',
    },
  },
  kubernetes: {
    title: { en: 'Kubernetes: OOMKilled, or evicted', zh: 'Kubernetes：OOMKilled 或被驱逐' },
    explanation: {
      en: 'A container of a pod was killed at resources.limits.memory (OOMKilled, exit code 137), the node itself ran out of memory (System OOM), or kubelet moved a pod away before that (evicted): the pod that uses most above its request goes first.',
      zh: 'Pod 中的容器达到 resources.limits.memory 被杀（OOMKilled，退出码 137）；或节点本身内存耗尽（System OOM）；或 kubelet 提前驱逐 Pod(evicted)：超出 request 最多的先走。',
    },
    advice: {
      en: 'Compare limits.memory with what the program needs at its peak; set requests.memory to what it uses usually.',
      zh: '比较 limits.memory 与程序峰值需要；requests.memory 设为平时用量。',
    },
  },
  'exit-status': {
    title: { en: 'Only an exit code: 137 or 134', zh: '只有退出码：137 或 134' },
    explanation: {
      en: '137 is 128 + 9: somebody sent SIGKILL; that is the kernel for want of memory, but also a stop that took too long, or `kill -9`. 134 is 128 + 6: the process aborted itself, as V8 does when its heap is full.',
      zh: '137 = 128 + 9，即收到 SIGKILL：可能是内核因内存不足所杀，也可能是停止超时或有人执行了 `kill -9`。134 = 128 + 6，即进程自行中止，V8 堆满时就是这样。',
    },
    advice: {
      en: "Look into the kernel's log of that minute (`maque oom` without arguments) and into the last lines of the program.",
      zh: '查看同一分钟的内核日志（直接运行 `maque oom`）以及程序最后的输出。',
    },
  },
};
