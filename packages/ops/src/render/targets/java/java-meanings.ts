import { defineMeanings } from '../../meaning.ts';

const CALCULATORS = {
  en: 'the memory calculators of Cloud Foundry and Paketo',
  zh: 'Cloud Foundry 与 Paketo 的内存计算器',
};

export const javaMeanings = defineMeanings('java', {
  heap: {
    short: { en: 'the most that objects may take', zh: 'Java 对象的内存上限' },
    explanation: {
      en: 'Java keeps its objects in the heap, and -Xmx is its end. Too small: the program collects garbage all the time, then ends with OutOfMemoryError. Too large: the sum of all parts does not fit the box, and the kernel kills the program without a word. Without -Xmx the JVM takes a quarter of the memory it sees.',
      zh: 'Java 的对象都放在堆里，-Xmx 是上限。太小：程序不停做垃圾回收，最后抛出 OutOfMemoryError。太大：各部分之和装不下，内核会直接杀掉进程。不写 -Xmx 时，JVM 取可见内存的四分之一。',
    },
    source: {
      en: 'what is left of the share when the other parts of the JVM are counted',
      zh: '份额减去 JVM 其余各部分之后的剩余',
    },
  },
  metaspace: {
    short: { en: 'room for loaded classes', zh: '类元数据的空间' },
    explanation: {
      en: 'Every class that is loaded takes some kilobytes outside the heap. Too small: OutOfMemoryError: Metaspace at the start or after a while. Too large costs nothing by itself, but a leak of classes would not be noticed.',
      zh: '每个加载的类都要在堆外占用几 KB。太小：启动时或运行一段时间后出现 OutOfMemoryError: Metaspace。太大本身不耗内存，但类泄漏就发现不了。',
    },
    source: {
      en: '5800 bytes × loaded classes + 14 MB, as in the calculators',
      zh: '5800 字节 × 加载的类数 + 14 MB，取自计算器',
    },
  },
  code_cache: {
    short: { en: 'room for compiled code', zh: '即时编译代码的空间' },
    explanation: {
      en: 'The JVM compiles what runs often and keeps the result here. Too small: it stops compiling, and the program becomes slow. The default reserves 240 MB, of which programs of this kind were measured to use 5 to 14.',
      zh: 'JVM 把常用代码编译后放在这里。太小：停止编译，程序变慢。默认预留 240 MB，实测这类程序只用 5–14 MB。',
    },
    source: { en: 'measured on Java 17: 5 to 14 MiB in use', zh: '在 Java 17 上实测：使用 5–14 MiB' },
  },
  direct: {
    short: { en: 'buffers outside the heap', zh: '堆外直接缓冲区' },
    explanation: {
      en: 'Network code keeps buffers outside the heap. Too small: OutOfMemoryError: Direct buffer memory, mostly in programs on Netty, which need more. Without the flag it may grow as large as the heap once more.',
      zh: '网络代码会在堆外使用缓冲区。太小：出现 OutOfMemoryError: Direct buffer memory，多见于使用 Netty 的程序，它们需要更大。不设置时，上限与堆一样大。',
    },
    source: CALCULATORS,
  },
  thread_stack: {
    short: { en: 'stack of each thread', zh: '每个线程的栈' },
    explanation: {
      en: 'Every thread has a stack for the calls it is in. Too small: StackOverflowError in deep recursion. Too large: hundreds of threads take hundreds of megabytes. The default is 1 MB.',
      zh: '每个线程都有自己的调用栈。太小：深层递归时出现 StackOverflowError。太大：几百个线程就是几百 MB。默认 1 MB。',
    },
    source: {
      en: 'half the default; Spring applications stay below 256 KB',
      zh: '默认值的一半；一般 Spring 应用不超过 256 KB',
    },
  },
  request_threads: {
    short: { en: 'requests worked on at the same time', zh: '同时处理的请求数' },
    explanation: {
      en: 'Each request has a thread of its own while it is worked on. Too few: requests wait in line though the processor is idle. Too many: each takes a stack, objects and a database connection. Tomcat takes 200 unless told.',
      zh: '每个请求处理期间占用一个线程。太少：处理器空闲而请求在排队。太多：每个线程都占用栈、对象和数据库连接。Tomcat 默认 200。',
    },
    source: {
      en: 'the threads of the plan less 20: a bare JVM was measured to have 15, Tomcat adds some 5',
      zh: '规划的线程数减 20：实测空 JVM 有 15 个，Tomcat 另加约 5 个',
    },
  },
  pool_size: {
    short: { en: 'connections to the database', zh: '数据库连接数' },
    explanation: {
      en: 'Connections that the program keeps open. Too few: threads wait for one. Too many: the database needs memory for each, and its limit is reached by all programs together.',
      zh: '程序保持的数据库连接数。太少：线程要等待连接。太多：数据库为每个连接占用内存，所有程序合计会达到其上限。',
    },
    source: { en: 'the plan; 5 to 10 for each process', zh: '取自规划；每个进程 5–10 个' },
  },
  arenas: {
    short: { en: 'memory pools of the C library', zh: 'C 库的内存池数量' },
    explanation: {
      en: 'The C library keeps up to eight pools for each core, so that threads do not wait for each other; what is freed in one is not used by the others. Few pools keep native memory together. Not measured here for Java.',
      zh: 'C 库默认每核最多 8 个内存池，以减少线程间等待；一个池里释放的内存其他池用不到。减少池数可避免本机内存分散。Java 下未在此实测。',
    },
    source: {
      en: 'mallopt(3), M_ARENA_MAX: 8 × cores unless told',
      zh: 'mallopt(3) 的 M_ARENA_MAX：默认 8 × 核数',
    },
  },
  drain: {
    short: { en: 'how long a stop waits for requests', zh: '停止时等待请求完成的时间' },
    explanation: {
      en: 'When the service is stopped, Spring Boot finishes what is under way for this long. Too short: users get errors at each deploy. It must be shorter than the time after which systemd or Docker kills.',
      zh: '停止服务时，Spring Boot 在此时间内完成已有请求。太短：每次发布都会有用户报错。必须短于 systemd 或 Docker 强制结束的时间。',
    },
    source: {
      en: 'longer than an answer takes; systemd waits 90 s, Docker 10 s unless told',
      zh: '长于一次请求；systemd 默认等 90 秒，Docker 默认 10 秒',
    },
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
