import type { Milliseconds } from '@maque/kit';
import type { CommandOutput, DiskSpace, FileFacts, Host, Reading } from '../src/doctor/host/host.ts';

/** A server as it was once seen, or as it might be. What is not in it is absent. */
export interface HostRecording {
  readonly nowMs?: number;
  /** Texts by path; `null` for a file or a folder that may not be read. A list is what is read time after time. */
  readonly files?: Readonly<Record<string, string | null | readonly string[]>>;
  /** Where links point; `null` for one that may not be followed. */
  readonly links?: Readonly<Record<string, string | null>>;
  /** What more is known of files than their text. */
  readonly facts?: Readonly<Record<string, Partial<FileFacts>>>;
  readonly spaces?: Readonly<Record<string, DiskSpace>>;
  /** Output by command line, `systemctl show shop.service -p MemoryMax`; `null` for one that is refused. */
  readonly commands?: Readonly<Record<string, string | null | Partial<CommandOutput>>>;
}

const NOW_MS = Date.UTC(2026, 4, 1);

/** A host out of a recording. Folders are those in which files or links stand. */
export function recordedHost(recording: HostRecording): Host {
  const { files = {}, links = {}, facts = {}, spaces = {}, commands = {} } = recording;
  const looks = new Map<string, number>();
  const paths = [...Object.keys(files), ...Object.keys(links), ...Object.keys(facts)];
  return {
    nowMs: recording.nowMs ?? NOW_MS,
    async read(path) {
      const text = files[path];
      if (text === undefined) return { kind: 'absent' };
      if (text === null) return DENIED;
      if (typeof text === 'string') return { kind: 'value', value: text };
      const look = looks.get(path) ?? 0;
      looks.set(path, look + 1);
      return { kind: 'value', value: text[Math.min(look, text.length - 1)] ?? '' };
    },
    async list(path) {
      if (files[path] === null) return DENIED;
      const folder = path.endsWith('/') ? path : `${path}/`;
      const inside = paths
        .filter((one) => one.startsWith(folder))
        .map((one) => one.slice(folder.length).split('/')[0] ?? '');
      return inside.length === 0 ? { kind: 'absent' } : { kind: 'value', value: [...new Set(inside)] };
    },
    follow: async (path) => (links[path] === null ? DENIED : valueOr(links[path])),
    async stat(path) {
      const known = facts[path];
      const text = files[path];
      const isFolder = paths.some((one) => one.startsWith(`${path}/`));
      if (known === undefined && text === undefined && !isFolder) return { kind: 'absent' };
      const bytes = typeof text === 'string' ? Buffer.byteLength(text) : 0;
      const usual: FileFacts = {
        kind: isFolder ? 'folder' : 'file',
        bytes,
        mode: isFolder ? 0o755 : 0o644,
        uid: 0,
        inode: 1,
        modifiedAtMs: recording.nowMs ?? NOW_MS,
      };
      return { kind: 'value', value: { ...usual, ...known } };
    },
    space: async (path) => valueOr(spaces[path]),
    async run(command, args) {
      const output = commands[[command, ...args].join(' ')];
      if (output === undefined) return { kind: 'absent' };
      if (output === null) return DENIED;
      const full = typeof output === 'string' ? { stdout: output } : output;
      return { kind: 'value', value: { stdout: '', stderr: '', code: 0, ...full } };
    },
    wait: async (_ms: Milliseconds) => {},
  };
}

const DENIED = { kind: 'unreadable', reason: 'EACCES' } as const;

function valueOr<Value>(value: Value | undefined): Reading<Value> {
  return value === undefined ? { kind: 'absent' } : { kind: 'value', value };
}
