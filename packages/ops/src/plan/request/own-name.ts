/** A name of a service, of which units, files and containers are named. */
export const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;
export const LONGEST_NAME = 40;

/** The name, or, where it is taken, with a number: the second `redis` is `redis-2`. */
export function ownName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const numbered = `${name.slice(0, LONGEST_NAME - `-${number}`.length)}-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
