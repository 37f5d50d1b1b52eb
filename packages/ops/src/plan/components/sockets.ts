import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize, type Component } from '../component.ts';

// Measured with 1,000 to 3,000 idle keep-alive sockets: 11.8 KiB each.
const SOCKET_BYTES: Bytes = 12 * KiB;

/** How many sockets fit into `bytes`. */
export function connectionsWithin(bytes: Bytes): number {
  return Math.floor(bytes / SOCKET_BYTES);
}

/** Keep-alive sockets of one worker. */
export function sockets(toldConnections?: number): Component {
  const component: Component = {
    code: 'SOCKETS',
    name: { en: 'open sockets', zh: '打开的连接' },
    // 512 sockets: nginx in front keeps at most a few dozen, phones without nginx one or two each.
    floorBytes: 6 * MiB,
    ceilingBytes: 24 * MiB,
    weight: 5,
    settle: (offered) => Math.floor(offered / MiB) * MiB,
    formula: (bytes) => `${connectionsWithin(bytes)} × 0.012`,
    source: { en: 'measured: 11.8 KiB for each keep-alive socket', zh: '实测：每个长连接 11.8 KiB' },
  };
  return atSize(component, toldConnections === undefined ? undefined : toldConnections * SOCKET_BYTES);
}
