import { defineMeanings } from '../../meaning.ts';
import { CONTAINER_ROWS } from '../container/container-rows.ts';
import { DATABASE_ROWS } from '../database/database-rows.ts';

export const composeMeanings = defineMeanings('compose', {
  malloc_arenas: DATABASE_ROWS.malloc_arenas,
  ...CONTAINER_ROWS,
  mem_limit: {
    short: {
      en: 'at this the kernel kills inside the container, and nowhere else',
      zh: '达到此值时内核只在本容器内杀进程',
    },
    explanation: {
      en: 'Without it a container may take the whole box, and when the kernel then kills, it may be the database, with OOMKilled=false. Too small: exit code 137 under load. Too large: the sum of all limits is more than there is.',
      zh: '不设上限的容器可以吃掉整机；内核动手时可能杀的是数据库，而 Docker 显示 OOMKilled=false。太小：高负载时退出码 137。太大：各上限之和超过整机。',
    },
    source: { en: 'the plan: budget × 1.05, in whole MiB', zh: '规划：预算 × 1.05，取整 MiB' },
  },
  memswap_limit: {
    short: {
      en: 'memory and swap together: the same, so that it never swaps',
      zh: '内存与交换区合计：取相同值，即不使用交换区',
    },
    explanation: {
      en: 'Unless told, Docker grants as much swap again as memory. A program that swaps is not killed but answers after seconds, and so do all others that share the disk.',
      zh: '不设置时 Docker 会再给同样多的交换区。程序用到交换区不会被杀，但要几秒才响应，还会拖慢共用磁盘的其他服务。',
    },
    source: { en: 'what maque doctor demands (B9)', zh: 'maque doctor 的要求（B9）' },
  },
  mem_reservation: {
    short: { en: 'what the kernel leaves it when memory is short', zh: '内存紧张时内核为它保留的部分' },
    explanation: {
      en: 'Below this the kernel takes memory from others first. The budgets of a plan fit the box together, so all can be kept; more than there is would protect nobody.',
      zh: '低于此值时内核先回收其他容器的内存。规划的预算合计放得下，因此都能保证；超过整机则谁也保不住。',
    },
    source: { en: 'the plan: its budget', zh: '规划：它的预算' },
  },
  cpus: {
    short: { en: 'the most processor time, in cores', zh: '最多可用的处理器（核）' },
    explanation: {
      en: 'One container in an endless loop must leave something for ssh, the proxy and the kernel. Too small: it is stopped for parts of each tenth of a second, and answers are slow though processors are idle.',
      zh: '某个容器死循环时，要给 ssh、代理和内核留一点。太小：每 0.1 秒都会被暂停一部分，处理器空闲而响应变慢。',
    },
    source: { en: 'all cores but a quarter of one', zh: '全部核数减去四分之一核' },
  },
  pids_limit: {
    short: { en: 'processes and threads in the container', zh: '容器内的进程与线程数' },
    explanation: {
      en: 'A program that starts others without end fills the table of processes of the whole box: nobody can log in any more. Threads count, too.',
      zh: '无限创建子进程会占满整机的进程表，谁也登录不了。线程也计算在内。',
    },
    source: { en: 'threads of the plan, and 200 for all else', zh: '规划中的线程数，另加 200' },
  },
  oom_score_adj: {
    short: {
      en: 'who goes first when the whole box is out of memory: the highest',
      zh: '整机内存耗尽时谁先被杀：数值最高者',
    },
    explanation: {
      en: 'Database -500, Redis -300, nginx -200, apps +200: what holds the data of all goes last, what is back in a second goes first.',
      zh: '数据库 -500、Redis -300、nginx -200、应用 +200：存着所有人数据的最后，一秒就能恢复的最先。',
    },
    source: { en: 'the plan; what maque doctor demands (A10)', zh: '规划；maque doctor 的要求（A10）' },
  },
  nofile: {
    short: { en: 'files and sockets that it may have open', zh: '可打开的文件与套接字数' },
    explanation: {
      en: 'To the kernel a connection is a file, and the usual limit of 1024 is a thousand clients: EMFILE. A high limit costs nothing.',
      zh: '对内核来说连接也是文件，常见的 1024 只够一千个客户端，超出报 EMFILE。上限高一些没有代价。',
    },
    source: { en: 'what maque doctor demands (B7)', zh: 'maque doctor 的要求（B7）' },
  },
  logs: {
    short: {
      en: 'what it prints: this much a file, so many files',
      zh: '打印的日志：每个文件的大小与文件数',
    },
    explanation: {
      en: 'Docker keeps what a program prints, for ever unless told: a line of 200 bytes a request at ten requests a second is 5 GB a month. Too small: the stack that you look for is gone.',
      zh: 'Docker 默认永久保留程序的输出：每请求 200 字节、每秒十个请求，一个月就是 5 GB。太小：要找的报错已被覆盖。',
    },
    source: {
      en: 'a day of a small shop; what maque doctor demands (B9)',
      zh: '小店约一天的量；maque doctor 的要求（B9）',
    },
  },
  healthcheck: {
    short: {
      en: 'looked at so often, for so long, so many times until it counts as ill',
      zh: '检查间隔、超时与判定失败的次数',
    },
    explanation: {
      en: 'Docker does not restart what is ill, but others wait until it is well before they start. Too often: each look is a process of its own. Too seldom: a start of the whole takes long.',
      zh: 'Docker 不会因此重启容器，但依赖它的容器会等它健康后才启动。太频繁：每次检查都要起一个进程。太稀疏：整体启动变慢。',
    },
    source: { en: 'Docker looks every 30 s unless told', zh: 'Docker 默认 30 秒一次' },
  },
  start_period: {
    short: { en: 'how long a start may take until failures count', zh: '启动期内失败不计数' },
    explanation: {
      en: 'The first start of a database creates its files, and a small box is slow. Too short: what waits for it gives up.',
      zh: '数据库首次启动要建文件，小机器又慢。太短：依赖它的容器会放弃等待。',
    },
    source: { en: 'a first start of MariaDB on one slow core', zh: 'MariaDB 在单个慢核上的首次启动' },
  },
  stop_grace_period: {
    short: { en: 'how long a stop may take until SIGKILL', zh: '停止时强制结束前的等待时间' },
    explanation: {
      en: 'Maque finishes requests for 10 s, a database writes what it holds. Docker kills after 10 s unless told, which a database needs minutes to repair.',
      zh: 'Maque 用 10 秒完成已有请求，数据库要落盘。Docker 默认 10 秒后强杀，数据库事后要花几分钟恢复。',
    },
    source: {
      en: 'the drain of 10 s, and the processes after it; a buffer pool on a slow disk',
      zh: '10 秒收尾加上进程退出；缓冲池写入慢磁盘',
    },
  },
  tmpfs: {
    short: { en: 'folders in memory that may be written, and their size', zh: '可写的内存目录及其大小' },
    explanation: {
      en: 'The rest of the container cannot be written, so that an intruder leaves nothing. What lies in these folders counts as memory of the container.',
      zh: '容器其余部分只读，入侵者留不下东西。这些目录里的内容计入容器内存。',
    },
    source: {
      en: 'what the programs put there: sockets, small temporary files',
      zh: '程序写入的套接字与小临时文件',
    },
  },
  network: {
    short: { en: 'addresses of the containers, fixed', zh: '容器的固定地址' },
    explanation: {
      en: 'nginx asks for an address once, when it starts: with addresses that change it would look for a recreated app at the old one (502) until somebody reloads it. It also says whose X-Forwarded-For counts. If the range is in use in your cloud network, take another and replace it everywhere.',
      zh: 'nginx 只在启动时解析一次地址：若地址会变，应用重建后 nginx 仍找旧地址（502），直到有人重载。它也决定采信谁的 X-Forwarded-For。若与云内网网段冲突，请整体换一个。',
    },
    source: {
      en: 'a private range (RFC 1918) that clouds seldom take',
      zh: '云上较少使用的私有网段（RFC 1918）',
    },
  },
});
