/** Percent-encodes all but the unreserved characters of RFC 3986 §2.3: what encodeURIComponent does, and `! ' ( ) *` too. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key as it stands in an address: its slashes stay. */
export function encodeKey(key: string): string {
  return percentEncode(key).replaceAll('%2F', '/');
}
