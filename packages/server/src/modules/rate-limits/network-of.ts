/**
 * What one line of an ISP has: an IPv4 address, or the first 64 bits of an IPv6 address, of which any customer has all
 * the rest (RFC 6177). Undefined for this box itself: behind a proxy whose word is not trusted every caller looks so.
 */
export function networkOf(ip: string): string | undefined {
  const plain = ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip;
  if (plain.startsWith('127.') || plain === '::1') return undefined;
  // An address of a socket or of a trusted proxy's header, parsed before: `net.isIPv6` would cost a microsecond more.
  return plain.includes(':') ? firstGroups(plain) : plain;
}

function firstGroups(ip: string): string {
  const [head = '', tail] = ip.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  // What `::` stands for is zeros, and they fill up what is missing of eight groups.
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    groups.push(...new Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
