import { MiB, type Text } from '@maque/kit';
import type { Severity } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { type PodContainer, readPods } from '../facts/pods.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Young generation and what is outside the heap need the rest: H + 3 × semi-space + 85 MiB (measured). */
const MOST_HEAP_SHARE = 0.75;

const NO_LIMIT: Text = { en: 'no memory limit: {names}', zh: '没有内存上限：{names}' };
const NO_REQUEST: Text = {
  en: 'no memory request, so that they are the first to be evicted: {names}',
  zh: '没有内存请求（requests），会最先被驱逐：{names}',
};
const LARGE_HEAP: Text = {
  en: 'the heap of Node may take more than 75 % of the limit: {names}',
  zh: 'Node 的堆上限超过内存上限的 75%:{names}',
};
const KILLED: Text = { en: 'OOMKilled, exit code 137: {names}', zh: 'OOMKilled，退出码 137:{names}' };

export const podLimits: Check = {
  id: 'B10',
  name: 'pods',
  group: 'units',
  title: { en: 'Limits of pods', zh: 'Pod 的限制' },
  why: {
    en: 'A pod without a limit takes the node, one without a request is evicted first, and a heap of more than 75 % of the limit ends in OOMKilled (137) before V8 collects.',
    zh: '没有上限的 Pod 会占满节点，没有 requests 的最先被驱逐；堆超过上限的 75% 时，V8 还没回收就会 OOMKilled(137)。',
  },
  explanation: {
    en: 'Kubernetes places a pod by what it requests and kills it at its limit. Node knows nothing of either unless its heap is set: the rest of the limit is for what lives outside the heap.',
    zh: 'Kubernetes 按 requests 安排 Pod，超过 limits 就杀掉。除非设置堆大小，Node 并不了解这些；上限中余下的部分要留给堆外内存。',
  },
  async look({ host }) {
    const pods = await readPods(host);
    if (pods.kind === 'absent') return NOT_APPLICABLE;
    if (pods.kind === 'unreadable') return [cannotRead('kubectl get pods', pods)];
    const containers = pods.value;
    if (containers.length === 0) return NOT_APPLICABLE;
    const found = [
      about(
        containers.filter(({ wasOomKilled }) => wasOomKilled),
        'critical',
        KILLED,
      ),
      about(
        containers.filter(({ limitBytes }) => limitBytes === null),
        'warning',
        NO_LIMIT,
      ),
      about(containers.filter(isHeapTooLarge), 'warning', LARGE_HEAP),
      about(
        containers.filter(({ requestBytes }) => requestBytes === null),
        'info',
        NO_REQUEST,
      ),
    ].flat();
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: `${containers.length} containers, all with limits` }];
  },
};

function isHeapTooLarge({ heapMb, limitBytes }: PodContainer): boolean {
  return heapMb !== null && limitBytes !== null && heapMb * MiB > MOST_HEAP_SHARE * limitBytes;
}

function about(containers: readonly PodContainer[], severity: Severity, text: Text): readonly Outcome[] {
  if (containers.length === 0) return [];
  const names = containers.map(({ name }) => name).join(', ');
  const where = {
    en: 'in the manifest, beside image: (the sizes are an example; see maque plan)',
    zh: '写在清单文件中，与 image: 同级（大小仅为示例，参见 maque plan）',
  };
  const lines = ['resources:', '  requests: { memory: 256Mi }', '  limits: { memory: 384Mi }'];
  return [{ kind: 'finding', severity, text, data: { names }, evidence: names, fix: [{ where, lines }] }];
}
