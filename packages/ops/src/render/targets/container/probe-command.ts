/**
 * Looks whether somebody listens, with what every image on Debian has: a Node or a Java started for each look would
 * take 40 to 100 MiB of the container's own limit, and curl is not there.
 */
export function connects(port: number | string): string {
  return `exec 3<>/dev/tcp/127.0.0.1/${port}`;
}

/** The same, and an answer of 200 to 399 besides. */
export function answers(port: number | string, path: string): string {
  const ask = `printf "GET ${path} HTTP/1.0\\r\\n\\r\\n" >&3`;
  return `${connects(port)} && ${ask} && read -r _ status _ <&3 && [ "$status" -ge 200 ] && [ "$status" -lt 400 ]`;
}
