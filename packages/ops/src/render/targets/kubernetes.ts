import { say } from '@maque/kit';
import { appPlaces } from '../app-places.ts';
import { headOf } from '../file-head.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderTarget } from '../target.ts';
import { writeYaml } from '../yaml/index.ts';
import { kubernetesMeanings } from './kubernetes/kubernetes-meanings.ts';
import { manifestFile } from './kubernetes/manifest-file.ts';
import { adapterValues } from './kubernetes/scaling.ts';

/** The programs of a plan in a cluster, each in a file of its own. */
export const kubernetes: RenderTarget = {
  name: 'kubernetes',
  summary: {
    en: 'Kubernetes manifests: limits, probes, autoscaling on the event loop, Ingress, network policy',
    zh: 'Kubernetes 清单：资源限制、探针、按事件循环扩容、Ingress、网络策略',
  },
  belongsTo: 'elsewhere',
  meanings: kubernetesMeanings,
  render(plan, options) {
    const places = appPlaces(plan, options);
    const adapter: RenderedFile = {
      target: 'kubernetes',
      path: 'kubernetes/prometheus-adapter.yaml',
      content: `${headOf('kubernetes', options.language)}\n# ${say(VALUES, options.language)}\n${writeYaml(adapterValues())}`,
    };
    return [
      ...places.map((place) => manifestFile(place, plan, options)),
      ...(places.some(({ service }) => service.kind === 'node') ? [adapter] : []),
    ];
  },
};

const VALUES = {
  en: 'Values: helm upgrade --install prometheus-adapter prometheus-community/prometheus-adapter -f this',
  zh: 'Helm 参数：helm upgrade --install prometheus-adapter prometheus-community/prometheus-adapter -f 本文件',
};
