import { defineMeanings } from '../../meaning.ts';

/** Every number in units of systemd. */
export const meanings = defineMeanings('systemd', {
  MemoryHigh: {
    short: { en: 'from here on it is slowed down, not killed', zh: '超过后限速，不杀进程' },
    explanation: {
      en: 'The brake before the wall: above it every request for memory waits until something was given back. Below the budget, a healthy service is slowed down as soon as its pools are full; much lower than the wall, it crawls for minutes without a line in any log; at the wall, there is no warning at all.',
      zh: '墙前的刹车：超过后，每次申请内存都要先等回收。低于预算，健康的服务一旦装满各种池就会被限速；比上限低太多，服务会慢上几分钟而没有任何日志；与上限相等，则毫无预警。',
    },
    source: {
      en: 'The service’s lines of the plan, which are an upper bound; at least 0.9 of MemoryMax. systemd.resource-control(5). Does nothing on control groups of version 1.',
      zh: '规划中该服务的各项之和（即上界），且不低于 MemoryMax 的 0.9 倍；见 systemd.resource-control(5)。cgroup v1 上不起作用。',
    },
  },
  MemoryMax: {
    short: {
      en: 'the wall: at it one process of this service is killed',
      zh: '上限：到达后杀掉本服务的一个进程',
    },
    explanation: {
      en: 'With a limit a leak costs the service that leaks; without one it takes the box, and the kernel chooses who dies. Too small, a healthy burst is killed; too large, the limits of all services together no longer fit, and protect nobody.',
      zh: '有上限时，泄漏只影响泄漏的服务自己；没有上限会拖垮整机，由内核决定谁被杀。太小会误杀正常的高峰；太大则各服务上限之和放不下，等于没有保护。',
    },
    source: {
      en: 'The service’s lines of the plan, and 5 % for what no sum foresees.',
      zh: '规划中该服务的各项之和，再加 5% 的余量。',
    },
  },
  pm2Interval: {
    short: { en: 'milliseconds between two looks of PM2 at the memory', zh: 'PM2 两次检查内存之间的毫秒数' },
    explanation: {
      en: 'PM2 restarts what has grown beyond max_memory_restart, and looks every 30 s unless told: a fast leak takes a small box in less. Too small: PM2 itself is busy looking. The unit that pm2 startup makes does not keep what it was started with, so it stands here.',
      zh: 'PM2 重启超过 max_memory_restart 的进程，默认每 30 秒看一次，快速泄漏等不到那时。太小：PM2 自己一直忙着检查。pm2 startup 生成的单元不会保留启动时的变量，所以写在这里。',
    },
    source: { en: 'As in the file of maque render pm2.', zh: '与 maque render pm2 的文件相同。' },
  },
  MemorySwapMax: {
    short: { en: 'so much of it may lie in swap', zh: '最多可换出到交换空间的内存' },
    explanation: {
      en: 'Swap is a parking place for what is not in use. A program that collects garbage looks at all of its memory, and from the disk that takes seconds: a leak must meet its wall, not first fill the swap of everybody.',
      zh: '交换空间用来停放暂时不用的内存。带垃圾回收的程序会遍历全部内存，从磁盘读要好几秒：泄漏应该撞上自己的上限，而不是先占满所有人的交换空间。',
    },
    source: {
      en: 'A quarter of the budget, so that all services together fit into a swap of half the memory. An assumption.',
      zh: '预算的四分之一，这样所有服务合计放得进内存一半大小的交换空间。为假定值。',
    },
  },
  OOMScoreAdjust: {
    short: {
      en: 'who goes first when the whole box is out of memory: the highest',
      zh: '整机内存耗尽时先杀数值最高的',
    },
    explanation: {
      en: 'The kernel gives each process a point for a thousandth of the memory, and adds this. Untold it takes the largest, mostly the database. The way in (sshd) stays longest, then the database, Redis, nginx; an application is back in seconds and goes first, and its workers before their keeper.',
      zh: '内核按占用内存的千分比计分，再加上这个值。不设置时先杀最大的，通常是数据库。登录通道（sshd）最后死，其次是数据库、Redis、nginx；应用几秒就能恢复，所以先牺牲，而工作进程又先于守护进程。',
    },
    source: {
      en: 'sshd -1000 by itself, database -500, Redis -300, nginx -200, apps from 200; oom_badness in mm/oom_kill.c of Linux.',
      zh: 'sshd 自行设为 -1000、数据库 -500、Redis -300、nginx -200、应用 200 起；见 Linux mm/oom_kill.c 的 oom_badness。',
    },
  },
  TasksMax: {
    short: { en: 'processes and threads at once', zh: '进程与线程总数上限' },
    explanation: {
      en: 'A net under a program that starts more and more of them. Too small, starting one fails with “Cannot allocate memory” while memory is free.',
      zh: '防止程序无限创建进程或线程。太小时会报 “Cannot allocate memory”，而内存其实很充足。',
    },
    source: {
      en: 'Node: 32 for each worker, the keeper and a replacement (11 threads were counted in each), and 64. Java: its threads and 128. Python: 64 a worker (40 of them the thread pool of Starlette) and 64.',
      zh: 'Node：每个工作进程、守护进程和一个替补各 32（实测每个 11 个线程），再加 64。Java：线程数加 128。Python：每个工作进程 64（其中 40 个是 Starlette 的线程池），再加 64。',
    },
  },
  LimitNOFILE: {
    short: { en: 'files and sockets that may be open at once', zh: '可同时打开的文件与连接数' },
    explanation: {
      en: 'To the kernel a socket is a file. At the limit no connection is accepted any more (EMFILE); the usual 1024 are a thousand clients. A high limit costs nothing until it is used.',
      zh: '对内核来说连接也是文件。达到上限后不再接受连接（EMFILE）；常见的 1024 只够一千个客户端。上限设高并不占用资源。',
    },
    source: {
      en: '65535, what the web servers of the distributions recommend; the doctor wants at least 10000.',
      zh: '65535，各发行版 Web 服务器的常见建议；体检要求至少 10000。',
    },
  },
  RestartSec: {
    short: { en: 'pause before it is started again', zh: '重启前的等待时间' },
    explanation: {
      en: 'Long enough that a port is free again and a database that restarts is not hammered; short enough that nobody notices.',
      zh: '足够让端口释放、不去轰炸正在重启的数据库，又短到用户几乎察觉不到。',
    },
    source: { en: '2 s. An assumption.', zh: '2 秒，为假定值。' },
  },
  StartLimitBurst: {
    short: {
      en: 'after so many starts within the interval it stays down',
      zh: '时间窗内启动超过此次数后不再重启',
    },
    explanation: {
      en: 'systemd’s own 5 within 10 s give up for ever while a database restarts for a minute, and the service stays down over the night. These keep trying through ten minutes of trouble, and end a loop that will never get better.',
      zh: 'systemd 默认 10 秒内 5 次就永久放弃：数据库重启一分钟，服务就会整夜停着。这里的值能撑过十分钟的故障，又能终止永远好不了的循环。',
    },
    source: {
      en: 'The interval ÷ (RestartSec + 4 s to start and fail).',
      zh: '时间窗 ÷（RestartSec + 启动并失败约 4 秒）。',
    },
  },
  StartLimitInterval: {
    short: { en: 'the interval in which starts are counted, in seconds', zh: '统计启动次数的时间窗（秒）' },
    explanation: {
      en: 'How long a service that fails at once is tried again and again. Too short, a slow neighbour keeps it down; for ever, the log fills with the same lines.',
      zh: '启动即失败的服务会被反复尝试多久。太短，邻居慢一点就再也起不来；无限重试，日志会写满同样的内容。',
    },
    source: {
      en: '10 minutes: longer than an upgrade of a database. An assumption.',
      zh: '10 分钟，长于一次数据库升级。为假定值。',
    },
  },
  WatchdogSec: {
    short: {
      en: 'silence after which it counts as hung and is started anew',
      zh: '沉默超过此时间视为卡死并重启',
    },
    explanation: {
      en: 'The keeper tells systemd twice in this time that it looks after its workers; hung workers it replaces itself. Only a program that really reports may have this line: any other would be killed every 30 s.',
      zh: '守护进程会在此时间内两次向 systemd 报告自己仍在照看工作进程；卡死的工作进程由它自己更换。只有真会报告的程序才能写这一行，否则每 30 秒就被杀一次。',
    },
    source: {
      en: '30 s; the keeper speaks sd_notify(3), and goes silent when it has not looked at its workers for 5 s.',
      zh: '30 秒；守护进程支持 sd_notify(3)，若 5 秒没有照看工作进程就不再报告。',
    },
  },
  TimeoutStopSec: {
    short: { en: 'so long it may take to end before it is killed', zh: '停止时的最长等待，超时强制结束' },
    explanation: {
      en: 'Requests under way are finished first. Too short, they are cut off at every restart; too long, a hung program delays the reboot.',
      zh: '先处理完进行中的请求。太短，每次重启都会切断请求；太长，卡住的程序会拖慢关机。',
    },
    source: {
      en: '30 s: Maque finishes within 10 s, and nothing that a phone waits for takes longer than 30.',
      zh: '30 秒：Maque 在 10 秒内处理完；手机端也不会等超过 30 秒。',
    },
  },
  memory: {
    short: { en: 'the budget that the keeper shares out, in bytes', zh: '守护进程分配的内存预算（字节）' },
    explanation: {
      en: 'Heaps, pools and caches of all workers are worked out from it, so it is the plan’s and not the limit’s: the 5 % between them are for what no sum foresees.',
      zh: '所有工作进程的堆、连接池与缓存都由它推算，因此取规划值而不是上限：两者之间的 5% 留给意外。',
    },
    source: { en: 'The lines of the plan.', zh: '规划中的各项之和。' },
  },
  workers: {
    short: { en: 'processes that answer requests', zh: '处理请求的进程数' },
    explanation: {
      en: 'More than the cores answer nothing faster, and each takes memory. Fewer than two leave nobody while one is replaced.',
      zh: '多于核数并不会更快，每个都占内存；少于两个，更换时就没有人处理请求。',
    },
    source: { en: 'The plan.', zh: '来自规划。' },
  },
  serverSetting: {
    short: { en: 'as the plan was told', zh: '规划时指定的值' },
    explanation: {
      en: 'A setting of Maque that somebody chose when the box was planned; the sum counts it, so the server gets the same value.',
      zh: '规划时人为指定的 Maque 设置；预算按它计算，因此服务也要用同样的值。',
    },
    source: { en: 'The request of the plan.', zh: '规划请求。' },
  },
  oldSpace: {
    short: { en: 'heap of V8 for what lives long, in MiB', zh: 'V8 老生代堆大小（MiB）' },
    explanation: {
      en: 'Without it Node takes half of the memory that it sees for each process. Too small, it collects garbage all the time and dies of heap exhaustion; too large, the kernel kills it first and leaves no trace.',
      zh: '不设置时，Node 每个进程会按所见内存的一半来定。太小会不停回收直至堆耗尽；太大则先被内核杀掉，毫无线索。',
    },
    source: {
      en: 'The plan: budget ÷ workers – 3 × semi-space – 85 MiB.',
      zh: '来自规划：预算 ÷ 进程数 – 3 × 半空间 – 85 MiB。',
    },
  },
  semiSpace: {
    short: {
      en: 'half of V8’s nursery, in MiB; it counts three times',
      zh: 'V8 新生代半空间（MiB），按三倍计',
    },
    explanation: {
      en: 'Node chooses it by the box and not by the heap: on 2 GiB 96 MiB on top of whatever heap was given. On a small heap that starves the rest: 2.5 times the processor time was measured.',
      zh: 'Node 按整机而不是按堆来选：2 GiB 的机器会在堆之外再占 96 MiB。堆小时会挤占其余空间，实测 CPU 时间变为 2.5 倍。',
    },
    source: {
      en: '4 for heaps to 128 MiB, 8 to 256, 16 above; measured.',
      zh: '堆不超过 128 MiB 用 4，不超过 256 用 8，更大用 16；实测。',
    },
  },
  port: {
    short: { en: 'where it listens, on the loopback interface', zh: '监听端口（仅本机）' },
    explanation: {
      en: 'The world comes in through nginx; nothing else of the box is open.',
      zh: '外部访问只经过 nginx，本机其余端口不对外开放。',
    },
    source: {
      en: 'The options of the rendering; each further app 10 higher.',
      zh: '生成选项；其余应用依次加 10。',
    },
  },
  sliceMemoryMax: {
    short: { en: 'all applications together', zh: '所有应用合计的上限' },
    explanation: {
      en: 'A second wall around them: whatever is added by hand beside the planned ones cannot take what the database was promised.',
      zh: '围住全部应用的第二道墙：手动加进来的程序也抢不走答应给数据库的内存。',
    },
    source: { en: 'The sum of their MemoryMax.', zh: '各应用 MemoryMax 之和。' },
  },
  sliceMemoryLow: {
    short: { en: 'this much is taken from them last', zh: '内存紧张时最后才回收这部分' },
    explanation: {
      en: 'When memory runs short the kernel takes back page cache first, and then what is used least. What a database keeps in its pool it keeps for a reason, so others give first.',
      zh: '内存紧张时内核先回收页缓存，再回收最少使用的部分。数据库缓冲池里的数据是有用的，因此先回收别人的。',
    },
    source: { en: 'The sum of their budgets in the plan.', zh: '规划中各自预算之和。' },
  },
  sliceWeight: {
    short: {
      en: 'share of processor and disk when there is not enough; 100 is usual',
      zh: '争用 CPU 和磁盘时的权重，默认 100',
    },
    explanation: {
      en: 'Every application waits for the database, so it goes first where they compete. Idle shares go to whoever wants them.',
      zh: '所有应用都在等数据库，因此争用时让它优先；空闲时谁都能用。',
    },
    source: { en: 'Twice the usual. An assumption.', zh: '默认值的两倍，为假定值。' },
  },
  earlyoomMemory: {
    short: {
      en: 'percent of memory left at which earlyoom asks a program to end, and at which it kills',
      zh: '剩余内存百分比：先请求结束，再强制杀掉',
    },
    explanation: {
      en: 'The kernel kills when nothing at all is left, after minutes in which the box answers nobody. earlyoom acts before. Higher, it kills while there is still room; lower, it comes too late.',
      zh: '内核要到完全没有内存才动手，此前机器会卡死几分钟。earlyoom 提前行动。值太高会误杀，太低则来不及。',
    },
    source: {
      en: 'Below earlyoom’s own 10 and 5, for the plan keeps 15 % free; check A14 of the doctor.',
      zh: '低于 earlyoom 默认的 10 和 5，因为规划预留了 15%；体检 A14。',
    },
  },
  earlyoomSwap: {
    short: { en: 'and this percent of swap must be left as well', zh: '同时交换空间剩余也低于此百分比' },
    explanation: {
      en: 'It acts only when memory and swap are both low: with a large, empty swap it never does.',
      zh: '只有内存和交换空间都不足时才动手；交换空间很大且为空时，它永远不会动手。',
    },
    source: { en: 'Twice earlyoom’s own; check A14 of the doctor.', zh: 'earlyoom 默认值的两倍；体检 A14。' },
  },
  quietHour: {
    short: { en: 'when updates are looked for: at night', zh: '检查更新的时间：深夜' },
    explanation: {
      en: 'Package tools take 100 to 200 MiB for some minutes. Distributions start them at any hour; in the evening rush of a small box that has been the last straw.',
      zh: '包管理工具会在几分钟内占用 100–200 MiB。发行版可能在任意时刻启动它们；在小机器的晚高峰，这往往是最后一根稻草。',
    },
    source: {
      en: 'Between 4 and 6 in the morning, each at another minute; check H7 of the doctor.',
      zh: '凌晨 4 到 6 点，各自错开；对应体检 H7。',
    },
  },
  quietDelay: {
    short: {
      en: 'a random delay, so that not all boxes ask the mirror at once',
      zh: '随机延迟，避免所有机器同时访问镜像',
    },
    explanation: {
      en: 'The distributions delay by hours, which brings a morning job back into the day. A quarter of an hour spreads enough.',
      zh: '发行版默认随机延迟数小时，会把凌晨的任务又推回白天；一刻钟就够分散了。',
    },
    source: { en: '15 min. An assumption.', zh: '15 分钟，为假定值。' },
  },
});
