import type { Host, Reading } from '../host/host.ts';

/** A TCP port that somebody listens on. */
export interface ListeningSocket {
  readonly port: number;
  /** `127.0.0.1`, `0.0.0.0`, `::1`, `::`, … */
  readonly address: string;
  /** Whether other machines may reach it, if no firewall is in between. */
  readonly isOpen: boolean;
  /** As in `/proc/PID/fd`: `socket:[inode]`. */
  readonly inode: number;
  readonly uid: number;
}

const LISTENING = '0A';
/** More than any small server has. */
const MOST_SOCKETS = 2_000;

/** From `/proc/net/tcp` and `tcp6`; needs no root. Of the doctor's own network: containers have theirs. */
export async function readListeningSockets(host: Host): Promise<Reading<readonly ListeningSocket[]>> {
  const [four, six] = await Promise.all([host.read('/proc/net/tcp'), host.read('/proc/net/tcp6')]);
  if (four.kind !== 'value') return four;
  const text = `${four.value}\n${six.kind === 'value' ? six.value : ''}`;
  const sockets = text.split('\n').map(socketOf);
  return { kind: 'value', value: sockets.filter((socket) => socket !== undefined).slice(0, MOST_SOCKETS) };
}

function socketOf(line: string): ListeningSocket | undefined {
  const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/);
  const [hex = '', port = ''] = local.split(':');
  if (state !== LISTENING || port === '') return undefined;
  const address = hex.length === 8 ? addressOfFour(hex) : addressOfSix(hex);
  const isOpen = !/^(127\.|::1$|::ffff:127\.)/.test(address);
  return { port: Number.parseInt(port, 16), address, isOpen, inode: Number(inode), uid: Number(uid) };
}

/** Four bytes of a machine that puts the last one first, as all of ours do: `0100007F`. */
function addressOfFour(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
}

/** Four words of that kind. Of all others than these nothing more has to be known. */
function addressOfSix(hex: string): string {
  if (/^0{32}$/.test(hex)) return '::';
  if (hex === '00000000000000000000000001000000') return '::1';
  if (hex.startsWith('0000000000000000FFFF0000')) return `::ffff:${addressOfFour(hex.slice(24))}`;
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => (word.match(/../g) ?? []).reverse().join('')).join('');
  return (bytes.match(/.{4}/g) ?? []).join(':').toLowerCase();
}
