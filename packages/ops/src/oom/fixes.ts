import type { Text } from '@maque/kit';

/** A way to mend, and what a beginner is told of it. */
export interface FixText {
  readonly where: Text;
  readonly explanation: Text;
}

/** Every way to mend that is told; the lines themselves follow from the kill. */
export const FIXES = {
  nodeFlags: {
    where: {
      en: 'start Node with a heap that fits, so that V8 collects before the kernel kills',
      zh: '给 Node 设置装得下的堆上限，让 V8 先回收',
    },
    explanation: {
      en: 'Without a limit V8 takes its own from the size of the machine, and collects late. The heap is the limit of the service less some 85 MiB for what Node needs beside it.',
      zh: '不设上限时，V8 按机器大小自定，回收得很晚。堆上限 = 服务上限减去 Node 堆外所需的约 85 MiB。',
    },
  },
  largerHeap: {
    where: {
      en: 'only if it does not leak: start Node with a larger heap, and give its service the room',
      zh: '仅在确认没有泄漏时：给 Node 更大的堆，并给服务留出空间',
    },
    explanation: {
      en: 'A leak fills every heap. Where the program really needs more at its peak, heap and limit of the service grow together, or the kernel kills instead of V8.',
      zh: '泄漏会填满任何堆。若峰值确实需要更多，堆与服务上限要一起调大，否则只是从 V8 退出变成被内核杀死。',
    },
  },
  javaFlags: {
    where: { en: 'start Java with', zh: 'Java 启动参数' },
    explanation: {
      en: 'A JVM needs 65 to 110 MiB beside its heap: classes, compiled code, threads, the collector. -Xmx is what is left of the room; the serial collector and smaller stacks suit one or two cores.',
      zh: 'JVM 在堆外还要 65 至 110 MiB：类、编译后的代码、线程、回收器。-Xmx 取剩余空间；一两个核用串行回收器和较小的栈即可。',
    },
  },
  javaExit: {
    where: {
      en: 'let Java end when it is out of memory, so that it is started anew',
      zh: '让 Java 在内存溢出时退出，由守护进程重启',
    },
    explanation: {
      en: 'After an OutOfMemoryError threads are missing and locks stay held. An end and a start are better than half a service.',
      zh: '发生 OutOfMemoryError 后，可能缺线程、锁不释放。退出再启动，胜过半死不活的服务。',
    },
  },
  mysql: {
    where: {
      en: '/etc/mysql/conf.d/small-box.cnf, then restart',
      zh: '/etc/mysql/conf.d/small-box.cnf，然后重启',
    },
    explanation: {
      en: 'The defaults are for a machine of its own. The buffer pool is taken once; each connection may take some MiB more, so their number is bounded too.',
      zh: '默认值是为独占的机器准备的。缓冲池一次占用；每个连接还可能再占几 MiB，所以连接数也要限制。',
    },
  },
  redis: {
    where: { en: '/etc/redis/redis.conf, then restart', zh: '/etc/redis/redis.conf，然后重启' },
    explanation: {
      en: 'Without maxmemory Redis grows until the kernel acts. With a policy it lets go of what was used longest ago. It must not be used for a queue, whose entries may not be dropped: there noeviction is right.',
      zh: '不设 maxmemory 时 Redis 会一直增长，直到内核动手；设定策略后会丢弃最久未用的内容。若用作队列（条目不能丢），应选 noeviction。',
    },
  },
  python: {
    where: {
      en: 'start Gunicorn with fewer workers that are replaced now and then',
      zh: '减少 Gunicorn 工作进程并定期轮换',
    },
    explanation: {
      en: 'Each worker is a process with all of the program. --max-requests replaces one after so many requests, which gives back what piled up.',
      zh: '每个工作进程都装有整个程序。--max-requests 让它处理若干请求后换新，归还堆积的内存。',
    },
  },
  php: {
    where: { en: 'in the pool of php-fpm', zh: 'php-fpm 的 pool 配置' },
    explanation: {
      en: 'pm.max_children times the memory of one child must fit. ondemand lets idle children go.',
      zh: 'pm.max_children 乘以单个子进程的内存必须装得下。ondemand 会结束空闲的子进程。',
    },
  },
  phpLimit: {
    where: {
      en: 'only if the script really needs it: at its beginning',
      zh: '仅当该脚本确实需要时：写在脚本开头',
    },
    explanation: {
      en: 'Half as much again as the limit that was reached, for this one script. In php.ini it would hold for every child, and their sum has to fit.',
      zh: '取所达到上限的 1.5 倍，只对这个脚本生效。写进 php.ini 则对所有子进程生效，总和必须装得下。',
    },
  },
  swap: {
    where: { en: 'add swap for short peaks', zh: '添加交换空间以应对短暂峰值' },
    explanation: {
      en: 'A file of 1 GiB is enough for a small server. With a low swappiness it is touched only when memory is really short.',
      zh: '小服务器 1 GiB 的交换文件就够了。swappiness 设低，只在内存真正紧张时使用。',
    },
  },
  protect: {
    where: {
      en: 'systemctl edit {unit}: the kernel takes others first',
      zh: 'systemctl edit {unit}：让内核先选择其他进程',
    },
    explanation: {
      en: 'A database that dies for the leak of an app takes everybody with it. This changes who dies, not that somebody does.',
      zh: '应用泄漏却杀了数据库，会连累所有人。这只改变谁被杀，不解决内存不足。',
    },
  },
  group: {
    where: {
      en: 'systemctl edit {unit}: more room, if the machine has it',
      zh: 'systemctl edit {unit}：若整机有余量，提高上限',
    },
    explanation: {
      en: 'Half as much again as before. The limits of all services together should stay below the memory of the machine.',
      zh: '提高到原来的 1.5 倍。所有服务的上限之和应小于整机内存。',
    },
  },
  pod: {
    where: { en: 'in the manifest of the pod', zh: 'Pod 的清单' },
    explanation: {
      en: 'Half as much again as the limit that was reached, or 512 MiB where it is not told; the node has to have it.',
      zh: '取所达到上限的 1.5 倍，日志未写明时取 512 MiB；节点要有这么多。',
    },
  },
  container: {
    where: { en: 'more room for the container, if the machine has it', zh: '若整机有余量，提高容器上限' },
    explanation: {
      en: 'Half as much again as the limit that was reached, or 512 MiB where it is not told.',
      zh: '取所达到上限的 1.5 倍，日志未写明时取 512 MiB。',
    },
  },
  leak: {
    where: { en: 'let it be watched: whether it leaks, and what', zh: '监视它：是否泄漏、泄漏了什么' },
    explanation: {
      en: 'Maque runs any Node program, tells leaks from normal swings, and names route, constructor and line.',
      zh: 'Maque 可运行任何 Node 程序，区分泄漏与正常波动，并指出路由、构造函数和代码行。',
    },
  },
  look: {
    where: { en: 'who has the memory now', zh: '查看当前谁占用内存' },
    explanation: {
      en: 'Where the program is not known, look at what is large now.',
      zh: '不认识的程序，先看现在什么占得多。',
    },
  },
} as const satisfies Record<string, FixText>;
