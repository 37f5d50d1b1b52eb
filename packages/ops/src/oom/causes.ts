import type { Text } from '@maque/kit';

/** One thing that is said of a kill, and what a beginner is told of it. */
export interface CauseText {
  readonly text: Text;
  readonly explanation: Text;
}

/** Everything that can be said of why a process was killed. A code is never renamed. */
export const CAUSES = {
  OOM_MACHINE_FULL: {
    text: {
      en: 'The whole machine had no memory left; {by} asked for more, and the kernel killed {name} ({mib})',
      zh: '整机内存耗尽：当时申请内存的是{by}，被内核杀死的是 {name}（{mib}）',
    },
    explanation: {
      en: 'All processes together, with the caches that cannot be dropped, filled the memory and the swap. Whoever asked at that moment is not to blame: somebody has to be the last.',
      zh: '所有进程加上无法丢弃的缓存占满了内存和交换空间。当时正好在申请的进程未必有错，总要有一个是最后的。',
    },
  },
  OOM_GROUP_FULL: {
    text: {
      en: 'The limit of {group} ({limit}) was reached, and {name} ({mib}) was killed in it; the machine may have had memory to spare',
      zh: '{group}达到内存上限（{limit}），其中的 {name}（{mib}）被杀；整机可能仍有空闲内存',
    },
    explanation: {
      en: 'A control group (a systemd unit, a container, a slice) may have a limit of its own. Reaching it hurts nobody outside. Files that the group reads count as well, but are dropped before anybody is killed.',
      zh: '控制组（systemd 单元、容器、slice）可以有自己的上限，撞上它不会影响外面。组内读取的文件缓存也计入，但会在杀进程之前先被丢弃。',
    },
  },
  OOM_BOUND_TO_NODES: {
    text: {
      en: 'The memory that {name} ({mib}) is bound to was full ({constraint}); other memory of the machine may have been free',
      zh: '{name}（{mib}）所绑定的内存已满（{constraint}）；整机其他内存可能仍空闲',
    },
    explanation: {
      en: 'The process may use memory of certain nodes only (cpuset, numactl). On small servers nobody does this on purpose.',
      zh: '该进程只能使用某些节点的内存（cpuset、numactl）。小服务器上一般不会有意这样设置。',
    },
  },
  OOM_CHILD_SACRIFICED: {
    text: {
      en: 'The kernel had chosen {culprit} ({score} points), and killed its child {name} in its place: {culprit} has the memory',
      zh: '内核选中的是 {culprit}（得分 {score}），却杀死了它的子进程 {name}；占内存的是 {culprit}',
    },
    explanation: {
      en: 'Kernels before 5.3 kill a child of the one they chose, in the hope that less is lost. The chosen one keeps its memory, so the next kill follows soon.',
      zh: '5.3 以前的内核会杀掉被选中进程的某个子进程，以求损失更小。被选中的进程仍占着内存，所以很快还会再杀。',
    },
  },
  OOM_VICTIM_IS_NOT_CULPRIT: {
    text: {
      en: '{name} died, but {culprit} had the memory: {processes} process(es), {size}',
      zh: '{name} 被杀，但占内存的是 {culprit}：{processes} 个进程，共 {size}',
    },
    explanation: {
      en: 'The kernel compares single processes. Several processes of one program may have more together than the one that died: the change belongs there.',
      zh: '内核比较的是单个进程。同一程序的多个进程加起来可能比被杀的更多，要改的是它。',
    },
  },
  OOM_MANY_OF_ONE: {
    text: {
      en: '{processes} processes of {program} had {size}, {share} % of what processes used: there are too many of them, or each is too large',
      zh: '{processes} 个 {program} 进程共占 {size}，为全部进程内存的 {share}%：数量过多或单个过大',
    },
    explanation: {
      en: 'Workers multiply: each has its own heap. Halving their number halves the need; their number is rarely what makes a small server fast.',
      zh: '工作进程会成倍占用内存，每个都有自己的堆。数量减半，需求减半；小服务器的快慢很少取决于进程数。',
    },
  },
  OOM_CHOSEN_BY_SCORE: {
    text: {
      en: '{name} was chosen for its oom_score_adj of {adj}, not for its size',
      zh: '{name} 因 oom_score_adj={adj} 被选中，并非因为占用最大',
    },
    explanation: {
      en: 'oom_score_adj moves a process up or down in the order of killing: +1000 dies first, -1000 never. Browsers, containers and systemd set it.',
      zh: 'oom_score_adj 调整被杀的先后：+1000 最先，-1000 永不。浏览器、容器和 systemd 都会设置它。',
    },
  },
  OOM_WITHOUT_SWAP: {
    text: {
      en: 'There is no swap: a short peak kills at once',
      zh: '没有交换空间：短暂的峰值会立即触发杀进程',
    },
    explanation: {
      en: 'Swap takes what nobody has touched for long, so that a peak of some seconds finds room. It is no memory to work in.',
      zh: '交换空间存放久未使用的内容，让几秒钟的峰值有地方可去。它不是用来干活的内存。',
    },
  },
  OOM_SWAP_FULL: {
    text: {
      en: 'The swap ({total}) was full too: more of it would only have made everything slower first',
      zh: '交换空间（{total}）也已用尽：再加交换只会先变慢再出事',
    },
    explanation: {
      en: 'Where swap fills up, the need is lasting: something grew, or the services are too large for this machine.',
      zh: '交换空间被写满说明需求是持续的：有东西在增长，或服务对这台机器来说太大。',
    },
  },
  OOM_EARLY: {
    text: {
      en: '{by} ended {name} ({mib}) before the kernel had to; whom it takes follows oom_score_adj, so look for who had the memory',
      zh: '{by} 抢在内核之前结束了 {name}（{mib}）；它按 oom_score_adj 选择，请另查谁占用了内存',
    },
    explanation: {
      en: 'A guard in user space acted while the machine still answered. The cause is the same as for the kernel: memory was short.',
      zh: '用户态守护程序在机器还能响应时就动手了。原因与内核杀进程一样：内存不足。',
    },
  },
  OOM_BY_SYSTEMD: {
    text: {
      en: 'systemd-oomd killed all of {name}, since {constraint}',
      zh: 'systemd-oomd 杀死了整个 {name}，原因：{constraint}',
    },
    explanation: {
      en: 'Pressure is the share of time in which processes had to wait for memory. Above the limit the group with the most page scans goes, whole.',
      zh: '压力是进程等待内存所占的时间比例。超过阈值后，扫描页面最多的那个组会被整体结束。',
    },
  },
  OOM_OF_UNIT: {
    text: {
      en: "systemd saw a process of {name} killed by the kernel; the kernel's own lines are missing (journalctl -k, dmesg)",
      zh: 'systemd 记录到 {name} 的进程被内核杀死；缺少内核自身的日志（journalctl -k、dmesg）',
    },
    explanation: {
      en: 'Who it was and how large, the kernel tells; without its lines only the unit is known.',
      zh: '具体是哪个进程、多大，要看内核日志；没有它就只知道单元。',
    },
  },
  OOM_HEAP_LIMIT: {
    text: {
      en: 'V8 gave up: the heap reached the limit that it was given. The machine was not short of memory; the program keeps too much, or needs a larger heap',
      zh: 'V8 主动退出：堆达到了设定上限。整机并不缺内存，是程序保留过多对象或需要更大的堆',
    },
    explanation: {
      en: 'After full collections that freed next to nothing V8 stops. What is still there is reachable from the program: caches without a bound, listeners, arrays that only grow.',
      zh: '多次完整回收几乎没有释放时 V8 就会停止。留下的对象仍能从程序到达：没有上限的缓存、监听器、只增不减的数组。',
    },
  },
  OOM_JAVA_LIMIT: {
    text: {
      en: 'Java reached a limit of its own: {constraint}. The machine was not short of memory',
      zh: 'Java 达到了自身的上限：{constraint}。整机并不缺内存',
    },
    explanation: {
      en: 'What is behind the colon says which limit. The error may come again and again while the process lives on.',
      zh: '冒号后面说明是哪个上限。只要进程还在，这个错误会反复出现。',
    },
  },
  OOM_PHP_LIMIT: {
    text: {
      en: 'A request of PHP reached memory_limit ({limit}) and was cut off; the machine was not short of memory',
      zh: 'PHP 的一个请求达到 memory_limit（{limit}）被中止；整机并不缺内存',
    },
    explanation: {
      en: 'The limit is for each request. Whoever asked saw an error; everybody else was served.',
      zh: '该上限针对每个请求。发出该请求的用户看到报错，其他人不受影响。',
    },
  },
  OOM_ASKED_IN_VAIN: {
    text: {
      en: '{name} asked the system for memory, got none, and ended or gave up what it was doing',
      zh: '{name} 向系统申请内存失败，自行退出或放弃了当前操作',
    },
    explanation: {
      en: 'Nobody killed it. At start it usually wants too much at once: a buffer pool, a heap that is committed whole.',
      zh: '没有谁杀它。若发生在启动时，通常是一次要得太多：缓冲池，或一次性提交的整个堆。',
    },
  },
  OOM_PM2_RESTART: {
    text: {
      en: 'PM2 restarted {name} at {mib}, above its limit of {limit}',
      zh: 'PM2 重启了 {name}：占用 {mib}，超过上限 {limit}',
    },
    explanation: {
      en: 'The limit counts resident memory of that process: the heap and all beside it, some 85 MiB more than the heap.',
      zh: '上限按该进程的常驻内存计算：堆加上堆外，比堆约多 85 MiB。',
    },
  },
  OOM_CONTAINER: {
    text: {
      en: 'The container {name} reached its own memory limit ({limit})',
      zh: '容器 {name} 达到了自身的内存上限（{limit}）',
    },
    explanation: {
      en: 'Inside a container `free` shows the memory of the host; what counts is the limit of the container.',
      zh: '在容器里 `free` 显示的是宿主机的内存，真正起作用的是容器的上限。',
    },
  },
  OOM_NODE_FULL: {
    text: {
      en: 'The node itself ran out of memory ({constraint}): {name} had to go, whatever its own limit',
      zh: '节点本身内存耗尽（{constraint}）：{name} 被清出，与它自己的上限无关',
    },
    explanation: {
      en: 'The pods of the node may use more together than it has, where limits are above requests.',
      zh: '当 limits 高于 requests 时，节点上的 Pod 加起来可能超过节点的内存。',
    },
  },
  OOM_SIGNAL_ONLY: {
    text: {
      en: '{name} ended by {signal} (137 is SIGKILL, 134 abort); whether memory was why, the log of the kernel tells',
      zh: '{name} 因 {signal} 结束（137 为 SIGKILL，134 为 abort）；是否因内存，请查内核日志',
    },
    explanation: {
      en: 'An exit code alone does not tell who sent the signal.',
      zh: '仅凭退出码无法知道是谁发的信号。',
    },
  },
} as const satisfies Record<string, CauseText>;

export type CauseCode = keyof typeof CAUSES;
