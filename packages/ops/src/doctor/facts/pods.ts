import { type Bytes, GiB, KiB, MiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** A container of a pod, as the cluster tells of it. */
export interface PodContainer {
  /** `default/shop-6b5f7/app`. */
  readonly name: string;
  readonly limitBytes: Bytes | null;
  readonly requestBytes: Bytes | null;
  /** `--max-old-space-size` of its command or of NODE_OPTIONS. */
  readonly heapMb: number | null;
  readonly wasOomKilled: boolean;
}

export const LIST_PODS: readonly string[] = [
  ...['get', 'pods', '--all-namespaces', '--output=json', '--request-timeout=3s'],
];
/** The cluster's own are its distribution's to size. */
const SYSTEM_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Absent where there is no cluster to ask. */
export async function readPods(host: Host): Promise<Reading<readonly PodContainer[]>> {
  const commands = [
    ['kubectl', LIST_PODS],
    ['k3s', ['kubectl', ...LIST_PODS]],
  ] as const;
  for (const [program, args] of commands) {
    const output = await host.run(program, args);
    if (output.kind === 'unreadable') return output;
    if (output.kind === 'absent') continue;
    const { code, stdout, stderr } = output.value;
    if (code === 0) return parsePods(stdout);
    if (/[Ff]orbidden|permission denied|Unauthorized/.test(stderr))
      return { kind: 'unreadable', reason: 'not allowed' };
  }
  return { kind: 'absent' };
}

interface Told {
  readonly items?: readonly {
    readonly metadata?: { readonly namespace?: string; readonly name?: string };
    readonly spec?: { readonly containers?: readonly ToldContainer[] };
    readonly status?: { readonly containerStatuses?: readonly ToldStatus[] };
  }[];
}

interface ToldContainer {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly resources?: {
    readonly limits?: { readonly memory?: string };
    readonly requests?: { readonly memory?: string };
  };
}

interface ToldStatus {
  readonly name?: string;
  readonly state?: { readonly terminated?: { readonly reason?: string } };
  readonly lastState?: { readonly terminated?: { readonly reason?: string } };
}

function parsePods(text: string): Reading<readonly PodContainer[]> {
  let told: Told;
  try {
    told = JSON.parse(text) as Told;
  } catch {
    return { kind: 'unreadable', reason: 'no JSON' };
  }
  const pods = (told.items ?? []).filter(({ metadata }) => !SYSTEM_NAMESPACES.has(metadata?.namespace ?? ''));
  const value = pods.flatMap(({ metadata, spec, status }) =>
    (spec?.containers ?? []).map((container) => ({
      name: [metadata?.namespace, metadata?.name, container.name].join('/'),
      limitBytes: quantityOf(container.resources?.limits?.memory),
      requestBytes: quantityOf(container.resources?.requests?.memory),
      heapMb: heapOf(container),
      wasOomKilled: (status?.containerStatuses ?? []).some(
        ({ name, state, lastState }) =>
          name === container.name &&
          [state, lastState].some((one) => one?.terminated?.reason === 'OOMKilled'),
      ),
    })),
  );
  return { kind: 'value', value };
}

function heapOf({ command = [], args = [], env = [] }: ToldContainer): number | null {
  const options = env.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
  const found = /--max[-_]old[-_]space[-_]size[= ](\d+)/.exec([...command, ...args, options].join(' '))?.[1];
  return found === undefined ? null : Number(found);
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: KiB,
  Mi: MiB,
  Gi: GiB,
  m: 1e-3,
};

/** `384Mi`, `1G`, `400000000`. */
function quantityOf(text: string | undefined): Bytes | null {
  const match = /^([\d.]+)([A-Za-z]*)$/.exec(text ?? '');
  const unit = UNITS[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}
