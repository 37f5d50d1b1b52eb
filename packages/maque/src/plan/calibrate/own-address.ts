import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/** Whether a name or an address leads to this machine, and nowhere else. */
export async function isOwnAddress(hostname: string): Promise<boolean> {
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  return found.length > 0 && found.every(({ address }) => own.has(address) || isLoopback(address));
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}
