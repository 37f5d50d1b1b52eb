import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { ownMetricNames } from '../../../testing/exported-metrics.ts';
import { checkManifest, type Manifest, typedManifests } from '../../../testing/kubernetes-check.ts';
import { unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { unexplainedIn } from '../../../testing/yaml-remarks.ts';

import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { LOOP_METRIC } from './kubernetes/scaling.ts';
import { kubernetes } from './kubernetes.ts';

const ROOT = resolve(import.meta.dirname, '../../../../..');
const options = renderOptions();
const all = planOf(
  { kind: 'maque', name: 'shop', workers: 2, server: { bodyLimitBytes: 2 * MiB } },
  { kind: 'node', name: 'chat', workers: 3, oldSpaceMb: 256, poolSize: 4 },
  { kind: 'java', name: 'bills', framework: 'spring-boot', heapMb: 256 },
  { kind: 'python', name: 'reco', server: 'gunicorn' },
  { kind: 'python', name: 'feed', server: 'uvicorn' },
);

interface Container {
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  readonly securityContext: unknown;
  readonly envFrom: unknown;
  readonly ports: readonly { readonly name: string }[];
  readonly livenessProbe: { readonly httpGet?: { readonly path: string } };
  readonly readinessProbe: { readonly httpGet?: { readonly path: string }; readonly timeoutSeconds: number };
}
type Quantities = Readonly<Record<string, string>>;

interface Workload extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Quantities };
    readonly template: {
      readonly metadata: { readonly labels: Quantities; readonly annotations: Quantities };
      readonly spec: { readonly containers: readonly Container[]; readonly enableServiceLinks: boolean };
    };
  };
}

interface Policy extends Manifest {
  readonly spec: {
    readonly policyTypes: readonly string[];
    readonly ingress: readonly { readonly from: readonly object[] }[];
    readonly egress: readonly { readonly ports?: readonly { readonly port: number }[] }[];
  };
}

interface Scaler extends Manifest {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly {
      readonly type: string;
      readonly pods?: { readonly metric: { readonly name: string } };
    }[];
  };
}

function manifestsOf(files: readonly RenderedFile[]): readonly Manifest[] {
  return files
    .filter(({ path }) => !path.endsWith('prometheus-adapter.yaml'))
    .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS() as Manifest));
}

/** Those that start pods. */
function workloadsOf(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.filter((one): one is Workload => one.kind === 'Deployment' || one.kind === 'StatefulSet');
}

function find<Kind extends Manifest>(
  kind: string,
  name: string,
  files = kubernetes.render(all, options),
): Kind | undefined {
  return manifestsOf(files).find((one) => one.kind === kind && one.metadata.name === name) as
    | Kind
    | undefined;
}

const mebibytes = (quantity = '') => Number(/^(\d+)Mi$/.exec(quantity)?.[1]);

describe('the manifests of 200 plans', () => {
  const samples = fc.sample(fc.tuple(plansWith('maque', 'node', 'java', 'python'), renderChoices()), 200);
  const rendered = samples.map(([plan, choices]) => manifestsOf(kubernetes.render(plan, choices)));

  it('are as the schemas of Kubernetes have them', () => {
    for (const manifest of rendered.flat()) checkManifest(manifest);
  });

  it('have names that Kubernetes takes, and none twice of a kind', () => {
    for (const manifests of rendered) {
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { metadata } of manifests)
        expect(metadata.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }
  });

  it('request no more than they may take, and their heaps are what maque doctor wants', () => {
    const workloads = workloadsOf(rendered.flat());
    for (const { spec } of workloads) {
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
      for (const { resources } of spec.template.spec.containers) {
        const [request, limit] = [mebibytes(resources.requests.memory), mebibytes(resources.limits.memory)];
        expect(request).toBeGreaterThan(0);
        expect(request).toBeLessThanOrEqual(limit);
      }
    }
    for (const manifests of rendered) {
      const heaps = manifests.filter((one): one is Manifest & { data: Quantities } => 'data' in one);
      for (const { data, metadata } of heaps) {
        const heapMb = Number(/old-space-size=(\d+)/.exec(data.NODE_OPTIONS ?? '')?.[1] ?? 0);
        const workload = manifests.find(
          ({ kind, metadata: { name } }) => kind === 'Deployment' && name === metadata.name,
        ) as Workload | undefined;
        const limit = mebibytes(workload?.spec.template.spec.containers[0]?.resources.limits.memory);
        if (heapMb > 0) expect(heapMb).toBeLessThanOrEqual(0.75 * limit);
      }
    }
  });
});

it('has no key that Kubernetes does not know', async () => {
  await using folder = await tempFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  const manifests = manifestsOf(kubernetes.render(all, options));
  const check = (text: string) => {
    writeFileSync(join(folder.path, 'manifests.ts'), text);
    const flags = ['--noEmit', '--skipLibCheck', '--strict', '--module', 'nodenext', 'manifests.ts'];
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags], {
      cwd: folder.path,
      stdio: 'pipe',
    });
  };
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}');
  const text = typedManifests(manifests);
  check(text);
  expect(() => check(text.replace('"livenessProbe"', '"livenesProbe"'))).toThrow();
});

describe('Maque', () => {
  it('is one pod with a disk, since its database is a file, and is not scaled', () => {
    const set = find<Workload>('StatefulSet', 'shop');
    expect(set?.spec.replicas).toBe(1);
    expect(set?.spec).toHaveProperty('volumeClaimTemplates');
    expect(find('HorizontalPodAutoscaler', 'shop')).toBeUndefined();
    expect(find('PodDisruptionBudget', 'shop')).toBeUndefined();
  });

  it('is asked whether it lives and whether it can serve, and waited for longer than its database is', () => {
    const [container] = find<Workload>('StatefulSet', 'shop')?.spec.template.spec.containers ?? [];
    expect(container?.livenessProbe.httpGet?.path).toBe('/healthz');
    expect(container?.readinessProbe.httpGet?.path).toBe('/readyz');
    expect(container?.readinessProbe.timeoutSeconds).toBeGreaterThan(2);
  });

  it('is not given variables of services, which it would take for settings', () => {
    expect(find<Workload>('StatefulSet', 'shop')?.spec.template.spec.enableServiceLinks).toBe(false);
  });
});

describe('from outside', () => {
  const kindsOf = (name: string) =>
    manifestsOf(kubernetes.render(all, options)).flatMap(({ kind, metadata }) =>
      metadata.name.startsWith(name) ? [kind] : [],
    );

  it('only the main program is reached: by its domain, with TLS, bodies of its size and long WebSockets', () => {
    expect(find('Ingress', 'shop')).toMatchObject({
      metadata: { annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '12m' } },
      spec: { tls: [{ hosts: ['api.example.com'], secretName: 'shop-tls' }] },
    });
    expect(find('Ingress', 'shop-realtime')).toMatchObject({
      metadata: { annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600' } },
      spec: { rules: [{ http: { paths: [{ path: '/api/realtime' }] } }] },
    });
    for (const name of ['chat', 'bills', 'reco', 'feed']) expect(kindsOf(name)).not.toContain('Ingress');
    const larger = planOf({ kind: 'maque', name: 'shop', server: { bodyLimitBytes: 30 * MiB } });
    const [body] = kubernetes
      .render(larger, options)
      .map(({ content }) => /body-size: "(\d+)m"/.exec(content)?.[1]);
    expect(Number(body)).toBeGreaterThanOrEqual(30);
  });

  it('nothing comes in but requests, and nothing goes out but what each program needs', () => {
    for (const name of ['shop', 'chat', 'bills', 'reco', 'feed']) {
      const policy = find<Policy>('NetworkPolicy', name);
      expect(policy?.spec.policyTypes).toEqual(['Ingress', 'Egress']);
      const out = policy?.spec.egress.flatMap(({ ports = [] }) => ports.map(({ port }) => port));
      expect(out).toEqual(name === 'shop' ? [53, 53, 443] : [53, 53, 443, 3306, 6379]);
      for (const { from } of policy?.spec.ingress ?? []) expect(from).not.toHaveLength(0);
    }
  });
});

it('a disk is of a size that clouds sell', () => {
  for (const diskGb of [10, 40, 50, 90, 1_000]) {
    const box = { ...all.request.box, diskBytes: diskGb * GiB };
    const [file] = kubernetes.render({ ...all, request: { ...all.request, box } }, options);
    const size = Number(/storage: "(\d+)Gi"/.exec(file?.content ?? '')?.[1]);
    expect([size % 10, size >= 20, size <= 100]).toEqual([0, true, true]);
  }
});

describe('other programs', () => {
  it('of Node are one process a pod, and more of them when event loops are busy', () => {
    const scaler = find<Scaler>('HorizontalPodAutoscaler', 'chat');
    expect([scaler?.spec.minReplicas, scaler?.spec.maxReplicas]).toEqual([3, 6]);
    expect(scaler?.spec.metrics.map(({ type, pods }) => pods?.metric.name ?? type)).toEqual([
      LOOP_METRIC,
      'Resource',
    ]);
    const config = find<Manifest & { data: Quantities }>('ConfigMap', 'chat');
    expect(config?.data.WEB_CONCURRENCY).toBe('1');
  });

  it('scale by a metric that there is', () => {
    expect(ownMetricNames()).toContain(LOOP_METRIC);
    const adapter = kubernetes
      .render(all, options)
      .find(({ path }) => path.endsWith('prometheus-adapter.yaml'));
    expect(adapter?.content).toContain(LOOP_METRIC);
  });

  it('are two at least, and are replaced one by one', () => {
    for (const name of ['bills', 'reco', 'feed']) {
      expect(find<Scaler>('HorizontalPodAutoscaler', name)?.spec.minReplicas).toBe(2);
      expect(find('Deployment', name)).toMatchObject({
        spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
      });
    }
  });
});

it('pods are replaced when their settings change', () => {
  const digest = (plan = planOf({ kind: 'maque', name: 'shop', workers: 2 })) =>
    find<Workload>('StatefulSet', 'shop', kubernetes.render(plan, options))?.spec.template.metadata
      .annotations;
  expect(digest()).toEqual(digest());
  expect(digest(planOf({ kind: 'maque', name: 'shop', workers: 1 }))).not.toEqual(digest());
});

it('nothing has rights that it does not need, or a secret in it', () => {
  const files = kubernetes.render(all, options);
  for (const { spec } of workloadsOf(manifestsOf(files))) {
    expect(spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { securityContext } of spec.template.spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
  expect(files.map(({ content }) => content).join('\n')).not.toMatch(/(SECRET|PASSWORD|TOKEN): /);
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const files = kubernetes.render(all, renderOptions({ language }));
    expect(unusedMeanings(kubernetes, files)).toEqual([]);
    // The group has the number of the user above it.
    expect(files.flatMap((file) => unexplainedIn(file, /runAsGroup|fsGroup|checksum/))).toEqual([]);
  }
});

it('has nothing for a plan without programs', () => {
  expect(kubernetes.render(planOf({ kind: 'redis', name: 'redis' }), options)).toEqual([]);
});
