/**
 * The address of an API, without a slash at its end.
 * @throws TypeError unless it is https, or http on a loopback address: what is sent there is secret.
 */
export function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (
    url === undefined ||
    url.search !== '' ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
  ) {
    throw new TypeError(
      'baseUrl must be an https address, or http on a loopback address: it carries the secret',
    );
  }
  return url.href.replace(/\/$/, '');
}
