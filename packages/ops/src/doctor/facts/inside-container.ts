import type { Host } from '../host/host.ts';

/** What Docker, Podman, LXC and systemd-nspawn, and Kubernetes leave inside. */
const SIGNS = [
  '/.dockerenv',
  '/run/.containerenv',
  '/run/systemd/container',
  '/var/run/secrets/kubernetes.io',
  '/run/secrets/kubernetes.io',
];

/** Whether the doctor runs in a container: kernel settings and units are then the host's to change. */
export async function isInsideContainer(host: Host): Promise<boolean> {
  const seen = await Promise.all(SIGNS.map((path) => host.stat(path)));
  return seen.some(({ kind }) => kind === 'value');
}
