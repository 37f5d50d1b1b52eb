import { formatDuration, type Milliseconds, say, type Text, type TextData } from '@maque/kit';
import type { HangFinding, HangFrame, HangStack, NoStackReason, ThreadState } from './hang-finding.ts';

const TEXTS = {
  blocked: {
    en: 'blocked for {silent} in {place}{inside}{caller}{route}',
    zh: '已阻塞 {silent}，位于 {place}{inside}{caller}{route}',
  },
  inside: { en: ', inside {inner}', zh: '，正在执行其中的 {inner}' },
  caller: { en: ', called by {outer}', zh: '，由 {outer} 调用' },
  route: { en: ', for {path}', zh: '，正在处理 {path}' },
  afterNative: {
    en: 'blocked for {silent}, {native} of it in native code that ended just now (such as JSON.parse of a large text); what ran after it: {place}{inside}{caller}{route}',
    zh: '已阻塞 {silent}，其中 {native} 在刚刚结束的原生代码中（例如对很大的文本执行 JSON.parse）；随后运行的是 {place}{inside}{caller}{route}',
  },
  unknown: { en: 'blocked for {silent}; {why}', zh: '已阻塞 {silent}；{why}' },
} satisfies Record<string, Text>;

const REASONS: Record<NoStackReason, Text> = {
  gone: { en: 'the process has ended', zh: '该进程已经结束' },
  stopped: {
    en: 'it is stopped by a signal (SIGSTOP, or a debugger) and runs nothing at all',
    zh: '它被信号（SIGSTOP 或调试器）暂停，没有运行任何代码',
  },
  'no-signal': {
    en: 'where is not known, since it does not listen for SIGUSR1 (--disable-sigusr1)',
    zh: '位置未知：它不接收 SIGUSR1(--disable-sigusr1)',
  },
  inspected: {
    en: 'where is not looked at, since its inspector is open (--inspect): somebody may be debugging it',
    zh: '未查看位置：它的调试器已打开（--inspect），可能有人正在调试',
  },
  native: {
    en: 'where in its code is not known, since it does not answer: {doing} (or the app takes SIGUSR1 for itself)',
    zh: '在代码中的位置未知，因为它没有应答：{doing}（或者应用自己占用了 SIGUSR1）',
  },
  recovered: { en: 'it goes on again', zh: '它已恢复运行' },
  'helper-failed': {
    en: 'where is not known, since the helper process could not ask in time',
    zh: '位置未知：辅助进程未能及时查询',
  },
  busy: {
    en: 'where is not looked at, since others are being examined',
    zh: '未查看位置：正在检查其他工作进程',
  },
};

const DOING = {
  computing: {
    en: 'it computes in native code, such as JSON.parse, a sort or a hash of something large',
    zh: '它正在原生代码中运算，例如对很大的数据执行 JSON.parse、排序或散列',
  },
  disk: { en: 'it waits for a disk or a network drive{where}', zh: '它在等待磁盘或网络存储{where}' },
  children: {
    en: 'it waits in the kernel{where} and has started {children}: execSync, perhaps',
    zh: '它在内核中等待{where}，并启动了 {children}：可能是 execSync',
  },
  waiting: { en: 'it waits in the kernel{where}', zh: '它在内核中等待{where}' },
  untold: { en: 'it is in native code', zh: '它在原生代码中' },
  where: { en: ' ({place})', zh: '({place})' },
} satisfies Record<string, Text>;

/**
 * One sentence without a subject, such as `blocked for 3.2 s in parsePrices (src/prices.js:41:7), called by list
 * (src/shop.js:12:3)`. Named is the app's own function that does not come to its end; a package's or Node's where none
 * of the app's is on the stack.
 */
export function describeHang(finding: HangFinding, silentMs: Milliseconds): Text {
  return inEveryLanguage((tell) => {
    const silent = formatDuration(silentMs);
    const { stack, reason, thread } = finding;
    if (stack !== null && stack.frames.length > 0) return describeStack(stack, silent, tell);
    const why = tell(REASONS[reason ?? 'recovered'], { doing: doing(thread, tell) });
    return tell(TEXTS.unknown, { silent, why });
  });
}

type Tell = (text: Text, data?: TextData) => string;

function inEveryLanguage(describe: (tell: Tell) => string): Text {
  return {
    en: describe((text, data) => say(text, 'en', data)),
    zh: describe((text, data) => say(text, 'zh-CN', data)),
  };
}

function describeStack(stack: HangStack, silent: string, tell: Tell): string {
  const { frames, steady, route, nativeMs } = stack;
  const at = namedFrame(stack);
  const frame = frames[at];
  const inner = at > steady ? frames[steady] : undefined;
  const outer = frames.slice(at + 1).find((each) => each.owner === frame?.owner && !isSame(each, frame));
  return tell(nativeMs > 0 ? TEXTS.afterNative : TEXTS.blocked, {
    silent,
    native: formatDuration(nativeMs),
    place: framePlace(frame),
    inside: inner === undefined ? '' : tell(TEXTS.inside, { inner: framePlace(inner) }),
    caller: outer === undefined ? '' : tell(TEXTS.caller, { outer: framePlace(outer) }),
    route: route === null ? '' : tell(TEXTS.route, { path: route }),
  });
}

/** The frame to look at first: what stayed before what came and went, the app's before a package's before Node's. */
function namedFrame({ frames, steady }: HangStack): number {
  for (const owner of ['app', 'package'] as const) {
    const stayed = frames.findIndex((frame, index) => index >= steady && frame.owner === owner);
    if (stayed >= 0) return stayed;
    const passed = frames.findIndex((frame) => frame.owner === owner);
    if (passed >= 0) return passed;
  }
  return Math.min(steady, frames.length - 1);
}

function isSame(one: HangFrame, other: HangFrame): boolean {
  return one.functionName === other.functionName && one.file === other.file;
}

/** A frame as people read it: `parsePrices (src/prices.js:41:7)`. */
export function framePlace(frame: HangFrame | undefined): string {
  if (frame === undefined) return '?';
  const { functionName, file, line, column } = frame;
  return file === '' ? functionName : `${functionName} (${file}:${line}:${column})`;
}

function doing(thread: ThreadState | null, tell: Tell): string {
  if (thread === null) return tell(DOING.untold);
  const { run, waitsIn, call, children } = thread;
  const place = call ?? waitsIn;
  const where = place === null ? '' : tell(DOING.where, { place });
  if (run === 'running') return tell(DOING.computing);
  if (run === 'disk') return tell(DOING.disk, { where });
  if (children.length > 0) return tell(DOING.children, { where, children: children.join(', ') });
  return tell(run === 'sleeping' ? DOING.waiting : DOING.untold, { where });
}
