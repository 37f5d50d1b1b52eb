import { defineMeanings } from '../../meaning.ts';

/** A fast leak takes a small box within the 30 s that PM2 waits between two looks. */
export const PM2_WORKER_INTERVAL_MS = 5_000;

export const pm2Meanings = defineMeanings('pm2', {
  instances: {
    short: { en: 'processes that share the port', zh: '共享端口的进程数' },
    explanation: {
      en: 'With "max" PM2 starts one for each core, whatever memory there is: each takes 75 to 110 MiB before its heap. Too few: one core serves alone. Too many: the sum does not fit the box.',
      zh: '写 "max" 时 PM2 按核数启动，不管内存够不够：每个进程在堆之外还要 75–110 MiB。太少：只有一个核在服务。太多：总和装不下。',
    },
    source: {
      en: 'the plan: as many as its memory and its cores carry',
      zh: '取自规划：内存与核数所能承载的数量',
    },
  },
  old_space: {
    short: {
      en: 'the most that JavaScript objects may take, in MiB',
      zh: 'JavaScript 对象的内存上限（MiB）',
    },
    explanation: {
      en: 'Without it V8 takes half of the memory it sees, in every process. Too small: garbage is collected all the time, then "JavaScript heap out of memory". Too large: the kernel kills first, without a stack.',
      zh: '不设置时，每个进程的 V8 都会取可见内存的一半。太小：不停回收垃圾，最后 “JavaScript heap out of memory”。太大：内核先动手，连调用栈都没有。',
    },
    source: { en: "the process's part of the plan", zh: '规划中每个进程的份额' },
  },
  semi_space: {
    short: { en: 'size of a semi-space of young objects, in MiB', zh: '新生代半空间大小（MiB）' },
    explanation: {
      en: 'New objects live in three of these. The default follows the machine and not the heap: on 2 GiB it takes 48 to 96 MiB beside the heap, and with a small heap it costs more processor time, not less.',
      zh: '新对象放在三个半空间里。默认值只看机器不看堆：2 GiB 上会在堆外多占 48–96 MiB，堆小时还更费 CPU。',
    },
    source: {
      en: 'measured: 4 for heaps up to 128, 8 up to 256, 16 above',
      zh: '实测：堆 128 以下用 4,256 以下用 8，更大用 16',
    },
  },
  max_memory_restart: {
    short: { en: 'a process larger than this is replaced', zh: '进程超过此值即被替换' },
    explanation: {
      en: 'PM2 looks from time to time and restarts what has grown beyond. Too small: healthy processes are restarted under load. Too large, as the much copied 1600M on a 2 GB box: it is never reached, and the kernel kills instead.',
      zh: 'PM2 定期检查，超过就重启。太小：健康进程在高负载时被重启。太大（如 2 GB 机器上常见的 1600M）：永远达不到，最后由内核杀进程。',
    },
    source: {
      en: 'above the heap by what a healthy process was measured to hold beside it',
      zh: '堆上限加上实测健康进程的堆外占用',
    },
  },
  kill_timeout: {
    short: { en: 'milliseconds to finish requests before SIGKILL', zh: '强制结束前完成请求的毫秒数' },
    explanation: {
      en: 'PM2 sends SIGINT and kills after 1.6 s unless told. Too short: requests under way are cut off at each reload. It helps only if the program closes its server at SIGINT.',
      zh: 'PM2 先发 SIGINT，默认 1.6 秒后强杀。太短：每次重载都会中断正在处理的请求。程序须在收到 SIGINT 时关闭服务器才有用。',
    },
    source: { en: 'longer than an answer takes; the default is 1600', zh: '长于一次请求；默认 1600' },
  },
  listen_timeout: {
    short: {
      en: 'milliseconds until a process that does not listen is given up',
      zh: '进程迟迟不监听时等待的毫秒数',
    },
    explanation: {
      en: 'At a reload PM2 waits for the new process to listen before it ends the old one. Too short: on a busy small box the old one goes before the new one serves. The default is 3 s.',
      zh: '重载时 PM2 等新进程开始监听后才结束旧进程。太短：繁忙的小机器上旧进程先没了。默认 3 秒。',
    },
    source: { en: 'a cold start on a starved core', zh: '繁忙单核上的冷启动' },
  },
  restart_delay: {
    short: {
      en: 'first wait after a death, in milliseconds; it grows to 15 s',
      zh: '崩溃后首次等待的毫秒数，逐步增至 15 秒',
    },
    explanation: {
      en: 'A program that dies at its start is started again and again. Without a growing wait that takes all the processor there is.',
      zh: '一启动就崩溃的程序会被反复拉起。没有逐步增长的等待，会占满处理器。',
    },
    source: {
      en: "PM2's own advice for exp_backoff_restart_delay",
      zh: 'PM2 文档对 exp_backoff_restart_delay 的建议值',
    },
  },
  pool_size: {
    short: { en: 'connections of each process to the database', zh: '每个进程的数据库连接数' },
    explanation: {
      en: 'Only what the program makes of it counts: hand it to mysql2 as connectionLimit. Too many: the limit of the database is reached by all processes together.',
      zh: '由程序自己读取，如作为 mysql2 的 connectionLimit。太多：所有进程合计会达到数据库的连接上限。',
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
  worker_interval: {
    short: { en: 'milliseconds between two looks at the memory', zh: '两次检查内存之间的毫秒数' },
    explanation: {
      en: 'PM2 looks at the memory every 30 s, and a fast leak takes a small box in less. Too small: PM2 itself is busy looking. It is a variable of the PM2 daemon and counts from its start on.',
      zh: 'PM2 默认每 30 秒看一次内存，快速泄漏等不到那时。太小：PM2 自己一直忙着检查。它是 PM2 守护进程的环境变量，守护进程启动时生效。',
    },
    source: { en: "PM2's constants.js: 30000 unless told", zh: 'PM2 的 constants.js：默认 30000' },
  },
});
