import type { Text } from '@maque/kit';
import type { Evidence, Refusal } from './leak-report.ts';

/** The page's headings and sentences. */
export const TEXTS = {
  title: { en: 'Leak report', zh: '内存泄漏报告' },
  about: {
    en: '{script}, process {pid}, Node {node}, {at}, running for {uptime}',
    zh: '{script}，进程 {pid}，Node {node}，{at}，已运行 {uptime}',
  },
  verdict: {
    en: 'Pool **{pool}**: **{verdict}** (probability {probability} that the limit is reached within the horizon). It holds {level}{ofLimit} and grows by {rate} a second{left}.',
    zh: '内存池 **{pool}**：**{verdict}**（在预测期内达到上限的概率为 {probability}）。当前 {level}{ofLimit}，每秒增长 {rate}{left}。',
  },
  ofLimit: { en: ' of {limit}', zh: '，上限 {limit}' },
  left: { en: '; the limit is reached in about {time}', zh: '，大约 {time} 后达到上限' },
  noVerdict: {
    en: 'The detector suspects no pool; this report was asked for.',
    zh: '检测器没有怀疑任何内存池；本报告是应要求生成的。',
  },
  lookFirst: { en: 'Look at first', zh: '先看这里' },
  firstRoute: { en: 'Route: **{route}**', zh: '路由：**{route}**' },
  firstSite: { en: 'Place: **{site}**', zh: '代码位置：**{site}**' },
  firstPackage: { en: 'Package: **{package}**', zh: '依赖包：**{package}**' },
  firstConstructor: { en: 'What stays: **{name}**', zh: '留在内存中的对象：**{name}**' },
  nothing: { en: 'Nothing can be named.', zh: '没有可以指出的对象。' },
  routes: { en: 'Routes', zh: '路由' },
  sites: { en: 'Where what stays is allocated', zh: '留存对象的分配位置' },
  piles: { en: 'What piles up', zh: '不断堆积的对象' },
  handles: { en: 'Open handles, before and now', zh: '打开的句柄（之前与现在）' },
  confirmed: { en: 'What full collections left', zh: '完整回收后的存活内存' },
  snapshot: { en: 'Heap snapshot', zh: '堆快照' },
  snapshotTaken: { en: 'Written to {file}, without what users sent.', zh: '已写入 {file}，不含用户数据。' },
  snapshotRefused: { en: 'None was taken: {reason}.', zh: '未生成：{reason}。' },
  refused: { en: 'What is missing, and why', zh: '缺少的内容及原因' },
  cost: { en: 'Cost of this report', zh: '本报告的代价' },
  costs: {
    en: 'Watched for {watched}; the process stood still for {pause} to read the profile and for {report} to make this of it; one sample every {interval}, {samples} of them survived.',
    zh: '观察了 {watched}；读取采样使进程停顿 {pause}，生成报告 {report}；每 {interval} 采样一次，其中 {samples} 个样本存活。',
  },
  confidence: { en: 'confidence {confidence}', zh: '置信度 {confidence}' },
  siteSize: {
    en: '{bytes} stayed, {share} of all that did',
    zh: '留存 {bytes}，占全部留存的 {share}',
  },
  madeOf: { en: 'made of {constructors}', zh: '对象类型：{constructors}' },
  through: { en: 'through {function} of {package}', zh: '经由 {package} 的 {function}' },
  forRoute: { en: 'for {route}', zh: '来自 {route}' },
} satisfies Record<string, Text>;

/** What speaks for a claim. */
export const EVIDENCE: Record<Evidence['code'], Text> = {
  timing: {
    en: 'what stays is allocated when it is asked: its {requests} requests explain {share} of it, e^{odds} times better than chance',
    zh: '留存对象的分配时间与该路由的请求吻合：{requests} 次请求解释了其中 {share}，比随机好 e^{odds} 倍',
  },
  'on-stack': {
    en: '{share} of what stays is allocated below its handler',
    zh: '{share} 的留存对象是在其处理函数中分配的',
  },
  'same-function': {
    en: '{share} of what stays is allocated later, by functions that were seen to serve this route only',
    zh: '{share} 的留存对象是稍后由只为该路由服务的函数分配的',
  },
  'outside-timing': {
    en: 'memory outside the heap grows when it is asked ({requests} requests), e^{odds} times better than chance',
    zh: '堆外内存随该路由的请求增长（{requests} 次请求），比随机好 e^{odds} 倍',
  },
  'requests-stay': {
    en: '{alive} of {followed} requests are in memory after their answer is over',
    zh: '{followed} 个请求中有 {alive} 个在响应结束后仍在内存中',
  },
  'waiting-stays': {
    en: 'of {alive} of {followed} requests something still waits after the answer is over: a promise, a timer or a handle',
    zh: '{followed} 个请求中有 {alive} 个在响应结束后仍有等待中的 Promise、定时器或句柄',
  },
  steady: {
    en: '{firstHalf} in the first half of the time, {secondHalf} in the second ({samples} samples)',
    zh: '前半段 {firstHalf}，后半段 {secondHalf}（{samples} 个样本）',
  },
  'resources-stay': {
    en: '{alive} of {followed} of kind {kind} are still there',
    zh: '{followed} 个 {kind} 中有 {alive} 个仍然存在',
  },
  'listeners-stay': {
    en: 'listeners of "{event}" on {owner}: {before}, now {now}',
    zh: '{owner} 上 "{event}" 的监听器：之前 {before} 个，现在 {now} 个',
  },
};

/** What is missing. */
export const REFUSALS: Record<Refusal['code'], Text> = {
  'pause-too-long': {
    en: 'The allocation profile was not read: it would have stopped the process for about {predicted}, and {allowed} are allowed. Ask for it on a worker that serves nobody.',
    zh: '没有读取分配采样：预计会使进程停顿约 {predicted}，而上限是 {allowed}。请在不对外服务的进程上读取。',
  },
  'cannot-collect': {
    en: 'The allocation profile was not read: V8 made no collection in time, and its flags are frozen, so none could be made.',
    zh: '没有读取分配采样：V8 没有及时回收，而且其参数已冻结，无法主动回收。',
  },
  'profiler-taken': {
    en: 'Another tool is using the heap profiler, so there is no allocation profile.',
    zh: '堆采样器正被其他工具占用，因此没有分配采样。',
  },
  'nothing-survived': {
    en: 'Only {samples} sampled objects stayed: too few to be sure of a place.',
    zh: '只有 {samples} 个采样对象留存，不足以确定位置。',
  },
  'no-traffic': { en: 'No request was seen while watching.', zh: '观察期间没有请求。' },
  'not-watched': {
    en: 'Nobody suspected a leak before, so no allocation was sampled and no request followed.',
    zh: '此前没有怀疑泄漏，因此没有分配采样，也没有跟踪请求。',
  },
  'watched-earlier': {
    en: 'Routes and places are what was watched until {until}.',
    zh: '路由与代码位置来自截至 {until} 的观察。',
  },
  'not-in-heap': {
    en: 'What grows is outside the heap. Places are those of the small objects in the heap that own it.',
    zh: '增长的是堆外内存。所列位置是堆内持有它的小对象的分配位置。',
  },
};
