import { watch } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Milliseconds } from '@maque/kit';

// Editors write a file in several steps, and a checkout touches many: what comes within this time is one change.
const SETTLE_MS: Milliseconds = 150;

/** What is watched. */
export interface WatchedApp {
  readonly appDir: string;
  /** The app writes here itself. */
  readonly dataDir: string;
}

/** Calls `onChange` with one changed path a burst, relative to the app. @returns how to stop. */
export function watchSources({ appDir, dataDir }: WatchedApp, onChange: (path: string) => void): () => void {
  const ownFolder = relative(appDir, dataDir);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = watch(appDir, { recursive: true }, (_, path) => {
    if (path === null || !isSource(path, ownFolder)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS, path);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

function isSource(path: string, ownFolder: string): boolean {
  const folders = path.split(sep);
  if (folders.includes('node_modules') || folders[0] === 'dist') return false;
  if (/^data-(staging|prod)$/.test(folders[0] ?? '')) return false;
  if (path === ownFolder || path.startsWith(`${ownFolder}${sep}`)) return false;
  // Hidden files are an editor's or git's; `.env` is read once, at the start.
  if (folders.some((folder) => folder.startsWith('.'))) return false;
  return /\.(ts|mts|js|mjs|json)$/.test(path);
}
