import type { Host } from '../host/host.ts';

/** More files than a small server has sites or logs. */
const MOST_PATHS = 1_000;

/** Whether a name fits a pattern of a shell: `*`, `?`, `[a-z]`. */
export function isLike(name: string, pattern: string): boolean {
  // A file that is hidden is not meant by `*`.
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const source = pattern
    .replace(/[\\^$+.()|{}]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return name === pattern;
  }
}

/** Whether a whole path fits a pattern, folder by folder. */
export function isPathLike(path: string, pattern: string): boolean {
  const [parts, patterns] = [path.split('/'), pattern.split('/')];
  return parts.length === patterns.length && patterns.every((one, at) => isLike(parts[at] ?? '', one));
}

/** Paths that fit a pattern, sorted. Without a sign of a pattern in it, the path itself, whether it is there or not. */
export async function pathsLike(host: Host, pattern: string): Promise<readonly string[]> {
  let found = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!/[*?[]/.test(part)) {
      found = found.map((path) => `${path}/${part}`);
      continue;
    }
    const next: string[] = [];
    for (const path of found) {
      const names = await host.list(path === '' ? '/' : path);
      if (names.kind !== 'value') continue;
      next.push(...names.value.filter((name) => isLike(name, part)).map((name) => `${path}/${name}`));
    }
    found = next.toSorted().slice(0, MOST_PATHS);
  }
  return found;
}
