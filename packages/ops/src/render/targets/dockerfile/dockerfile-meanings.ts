import { defineMeanings } from '../../meaning.ts';

export const dockerfileMeanings = defineMeanings('dockerfile', {
  node_major: {
    short: { en: 'the major version of Node', zh: 'Node 的主版本' },
    explanation: {
      en: 'A fixed major keeps the same heap defaults and behaviour, and still takes security fixes at each build. Without one a build next year has another Node; with a full version nobody fixes it.',
      zh: '固定主版本可保持堆默认值与行为一致，每次构建又能拿到安全修复。不固定则明年构建会换成别的 Node；固定到小版本则没有人打补丁。',
    },
    source: { en: 'Active LTS; Maque runs on 24 and 26', zh: '当前 LTS；Maque 支持 24 与 26' },
  },
  port: {
    short: { en: 'where it listens, unless PORT says otherwise', zh: '监听端口，可由环境变量 PORT 覆盖' },
    explanation: {
      en: 'CloudBase Run and others that start containers say the port in PORT. EXPOSE only tells people which one is usual.',
      zh: 'CloudBase Run 等平台通过 PORT 指定端口。EXPOSE 只是告诉人默认是哪个。',
    },
    source: { en: 'the port of the app', zh: '应用端口' },
  },
  healthcheck: {
    short: {
      en: 'looked at so often, for so long, so many times until it counts as ill',
      zh: '检查间隔、超时、启动期与判定失败的次数',
    },
    explanation: {
      en: 'Docker shows what is ill, and compose lets others wait for it. CloudBase Run and Kubernetes do not read it and look for themselves.',
      zh: 'Docker 会标出不健康的容器，compose 会等它健康后再启动依赖者。CloudBase Run 与 Kubernetes 不看它，有自己的检查。',
    },
    source: {
      en: 'Docker looks every 30 s unless told; a cold start on a slow core',
      zh: 'Docker 默认 30 秒一次；慢核上的冷启动',
    },
  },
  size: {
    short: { en: 'the smallest container that holds it', zh: '能装下它的最小容器规格' },
    explanation: {
      en: 'CloudBase Run sells memory in steps, two GiB for each core. In a smaller one than the plan has for it, it plans with less by itself, and refuses to start where nothing fits.',
      zh: 'CloudBase Run 按档出售，每核配 2 GiB。规格小于规划时，Maque 会自动按更小的预算运行，实在放不下则拒绝启动。',
    },
    source: {
      en: 'the plan: its limit, rounded up to 0.5, 1, 2, 4 or 8 GiB',
      zh: '规划：上限向上取到 0.5、1、2、4 或 8 GiB',
    },
  },
  node_heap: {
    short: {
      en: 'the heap of the process: old space, and semi-space of young objects',
      zh: '进程的堆：老生代与新生代半空间',
    },
    explanation: {
      en: 'V8 takes old + 3 × semi MiB at most. Without these flags it takes half of the memory it sees. Too small: "JavaScript heap out of memory". Too large: the container is killed first, with exit code 137 and no stack.',
      zh: 'V8 最多占 old + 3 × semi MiB。不设置时取可见内存的一半。太小：“JavaScript heap out of memory”。太大：容器先被杀（退出码 137），没有调用栈。',
    },
    source: { en: 'the plan; V8 held no more in 56 runs', zh: '取自规划；56 次实测 V8 从未超出' },
  },
});
