import type { Meaning } from '../../meaning.ts';

type Row = Omit<Meaning, 'id'>;

const PLAN = { en: 'the plan', zh: '取自规划' };

/** Numbers in the environment of a program that runs in a container, whoever runs the container. */
export const CONTAINER_ROWS = {
  port: {
    short: { en: 'where the program listens', zh: '程序监听的端口' },
    explanation: {
      en: 'Inside its own network every program could have the same port; with different ones mistakes are seen at once. Nothing outside reaches it but through the proxy.',
      zh: '容器各有自己的网络，端口本可相同；用不同的端口更容易发现配错。外部只能经代理访问。',
    },
    source: {
      en: 'the port of the app, and ten on for each further program',
      zh: '应用端口；其余程序依次加 10',
    },
  },
  budget: {
    short: { en: 'the memory that its keeper shares out, in bytes', zh: '由守护进程分配的内存（字节）' },
    explanation: {
      en: 'Heaps, caches and bodies of all workers are sized so that they stay within it. The limit of the container is a little above, so that nothing is killed for a moment too much.',
      zh: '所有工作进程的堆、缓存和请求体都按它分配。容器上限略高一些，避免一时超出就被杀。',
    },
    source: PLAN,
  },
  workers: {
    short: { en: 'processes that work on requests', zh: '处理请求的进程数' },
    explanation: {
      en: 'Too few: processors are idle while requests wait. Too many: each takes its memory once more, and they only wait for each other.',
      zh: '太少：请求在等待而处理器空闲。太多：每个进程都要占一份内存，而它们只是互相等待。',
    },
    source: { en: 'the plan: as many as memory and cores carry', zh: '取自规划：内存与核数所能承载的数量' },
  },
  web_concurrency: {
    short: {
      en: 'processes that the program is to start; only one that reads this does',
      zh: '程序应启动的进程数；须由程序自己读取',
    },
    explanation: {
      en: 'Node is one process unless the program starts more, for which this variable is the custom. With one process the second core is idle; maque run starts and keeps them for any program.',
      zh: 'Node 默认只有一个进程，多进程要程序自己按这个惯用变量启动。只有一个进程时第二个核闲着；用 maque run 可替任何程序启动并守护多个进程。',
    },
    source: { en: 'the plan: as many as memory and cores carry', zh: '取自规划：内存与核数所能承载的数量' },
  },
  told_setting: {
    short: { en: 'as the plan was told', zh: '规划时指定的值' },
    explanation: {
      en: 'A setting of Maque that somebody chose when the box was planned; the sum counts it, so the server gets the same value.',
      zh: '规划时人为指定的 Maque 设置；预算按它计算，因此服务也要用同样的值。',
    },
    source: { en: 'the request of the plan', zh: '规划请求' },
  },
  node_heap: {
    short: {
      en: 'the heap of each process: old space, and semi-space of young objects',
      zh: '每个进程的堆：老生代与新生代半空间',
    },
    explanation: {
      en: 'V8 takes old + 3 × semi MiB at most. Without these flags it takes half of the memory it sees, in every process. Too small: "JavaScript heap out of memory". Too large: the container is killed first, with exit code 137 and no stack.',
      zh: 'V8 最多占 old + 3 × semi MiB。不设置时每个进程都会取可见内存的一半。太小：“JavaScript heap out of memory”。太大：容器先被杀（退出码 137），没有调用栈。',
    },
    source: {
      en: 'the plan; V8 held no more in 56 runs',
      zh: '取自规划；56 次实测 V8 从未超出',
    },
  },
  java_flags: {
    short: {
      en: 'heap, classes, compiled code, direct buffers and stacks of the JVM',
      zh: 'JVM 的堆、类元数据、编译代码、直接内存与线程栈',
    },
    explanation: {
      en: 'A JVM is more than its heap, and only what has a flag has a bound; maque render java explains each. JAVA_TOOL_OPTIONS is read by every JVM, however it is started.',
      zh: 'JVM 不止有堆，写了参数的部分才有上限；每项含义见 maque render java。无论怎样启动，JVM 都会读取 JAVA_TOOL_OPTIONS。',
    },
    source: {
      en: 'the plan, by the memory calculators of Cloud Foundry and Paketo',
      zh: '取自规划，按 Cloud Foundry 与 Paketo 的内存计算器',
    },
  },
  request_threads: {
    short: { en: 'requests worked on at the same time', zh: '同时处理的请求数' },
    explanation: {
      en: 'Each request has a thread while it is worked on. Too few: requests wait though the processor is idle. Too many: each takes a stack, objects and a connection. Tomcat takes 200 unless told.',
      zh: '每个请求处理期间占用一个线程。太少：处理器空闲而请求在排队。太多：每个线程都占栈、对象和连接。Tomcat 默认 200。',
    },
    source: {
      en: 'the threads of the plan less 20 of the JVM and of Tomcat',
      zh: '规划的线程数减去 JVM 与 Tomcat 自己的 20 个',
    },
  },
  drain: {
    short: { en: 'how long a stop waits for requests', zh: '停止时等待请求完成的时间' },
    explanation: {
      en: 'When the container is stopped, Spring Boot finishes what is under way for this long. Too short: users get errors at each deploy. It must be shorter than the time after which the container is killed; the default of 30 s is not.',
      zh: '停止容器时，Spring Boot 在此时间内完成已有请求。太短：每次发布都会有用户报错。必须短于容器被强制结束的时间，而默认的 30 秒并不短于它。',
    },
    source: { en: 'longer than an answer takes; containers have 30 s', zh: '长于一次请求；容器有 30 秒' },
  },
  arenas: {
    short: { en: 'memory pools of the C library', zh: 'C 库的内存池数量' },
    explanation: {
      en: 'The C library keeps up to eight pools for each core; what is freed in one is not used by the others. Not measured here for Java.',
      zh: 'C 库默认每核最多 8 个内存池；一个池释放的内存其他池用不到。Java 下未在此实测。',
    },
    source: { en: 'mallopt(3), M_ARENA_MAX', zh: 'mallopt(3) 的 M_ARENA_MAX' },
  },
  gunicorn: {
    short: {
      en: 'a worker is replaced after so many requests, or when it is silent for so many seconds',
      zh: '工作进程处理这么多请求后、或静默这么多秒后被替换',
    },
    explanation: {
      en: 'Replacement ends slow leaks; the jitter keeps workers from going all at once. maque render python explains each.',
      zh: '定期替换可止住慢泄漏，抖动避免所有进程同时退出。每项含义见 maque render python。',
    },
    source: { en: 'the plan; 30 s is the default of Gunicorn', zh: '取自规划；30 秒是 Gunicorn 默认值' },
  },
  limit_concurrency: {
    short: {
      en: 'connections and tasks at once in each worker, beyond it 503',
      zh: '每个工作进程同时的连接与任务数，超出返回 503',
    },
    explanation: {
      en: 'An async server accepts whatever comes and keeps it all in memory. Too large: a rush ends in the memory limit. Too small: clients get 503 while there is room.',
      zh: '异步服务来者不拒，全部放在内存里。太大：突发流量耗尽内存。太小：还有余力却返回 503。',
    },
    source: {
      en: '100 at once, and the 32 connections that nginx keeps open',
      zh: '同时 100 个请求，加上 nginx 保持的 32 个空闲连接',
    },
  },
  keep_alive: {
    short: { en: 'seconds until an idle connection is closed', zh: '空闲连接保持的秒数' },
    explanation: {
      en: 'nginx keeps connections open for 60 s. If the program closes first, a request on its way meets a closed connection: 502.',
      zh: 'nginx 保持 60 秒。若程序先关，途中的请求会遇到已关闭的连接，返回 502。',
    },
    source: { en: 'longer than the 60 s of nginx', zh: '长于 nginx 的 60 秒' },
  },
  pool_size: {
    short: { en: 'connections of each process to the database', zh: '每个进程的数据库连接数' },
    explanation: {
      en: 'Too few: requests wait for one. Too many: the limit of the database is reached by all programs together. But for Spring Boot the program has to read the variable itself.',
      zh: '太少：请求要等连接。太多：所有程序合计会达到数据库上限。除 Spring Boot 外，需由程序自己读取该变量。',
    },
    source: { en: 'the plan; 5 to 10 for each process', zh: '取自规划；每个进程 5–10 个' },
  },
} as const satisfies Record<string, Row>;
