import type { Bytes } from '@maque/kit';
import type { Host } from '@maque/ops/doctor';

/** The machine talks to itself and to its containers over these; what it is sold as bandwidth it does not touch. */
const INSIDE = /^(lo|docker\d|br-|veth|virbr|cni|flannel|cali|tun|tap|ifb|dummy)/;

/** Sent to the outside so far by all network cards together; undefined where it cannot be read. */
export async function readSentBytes(host: Host): Promise<Bytes | undefined> {
  const text = await host.read('/proc/net/dev');
  if (text.kind !== 'value') return undefined;
  const cards = [...text.value.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)].filter(
    ([, name = '']) => !INSIDE.test(name),
  );
  // Eight columns of what came in, then those of what went out, its bytes first.
  return cards.reduce((sum, [, , columns = '']) => sum + Number(columns.trim().split(/\s+/)[8] ?? 0), 0);
}
