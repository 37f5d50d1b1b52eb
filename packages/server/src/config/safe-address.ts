/** Whether secrets may go to an address: encrypted, or not off this machine. */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(text));
}

/** Whether an address is on this machine. */
export function isLoopbackUrl(text: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(text)?.hostname ?? '');
}
