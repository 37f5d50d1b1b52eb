import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service } from 'kubernetes-models/v1';

const KINDS: Readonly<Record<string, new (data: never) => { validate(): void }>> = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  StatefulSet,
};

/** Where the types of each kind are. */
const MODULES: Readonly<Record<string, string>> = {
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  Service: 'v1',
  StatefulSet: 'apps/v1',
};

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** @throws what the schemas of Kubernetes say of it: wrong types, missing fields. Unknown keys pass. */
export function checkManifest(manifest: Manifest): void {
  const Kind = KINDS[manifest.kind];
  if (Kind === undefined) throw new Error(`no schema is known for ${manifest.kind}`);
  new Kind(manifest as never).validate();
}

/** A program whose types are right where no manifest has a key that Kubernetes does not know. */
export function typedManifests(manifests: readonly Manifest[]): string {
  const lines = manifests.map(({ kind, ...rest }, index) => {
    const type = `import('kubernetes-models/${MODULES[kind]}/${kind}').I${kind}`;
    return `export const manifest${index}: ${type} = ${JSON.stringify({ kind, ...rest })};`;
  });
  return `${lines.join('\n')}\n`;
}
