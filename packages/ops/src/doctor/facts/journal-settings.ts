import type { Host, Reading } from '../host/host.ts';

/** Where systemd looks, the later the stronger; files of one name replace each other from /usr to /etc. */
const MAIN_FILES = ['/usr/lib/systemd/journald.conf', '/etc/systemd/journald.conf'];
const FOLDERS = [
  '/usr/lib/systemd/journald.conf.d',
  '/run/systemd/journald.conf.d',
  '/etc/systemd/journald.conf.d',
];

/** Settings of journald that somebody set, by name; absent where no journald is. */
export async function readJournalSettings(host: Host): Promise<Reading<ReadonlyMap<string, string>>> {
  const homes = await Promise.all(
    ['/run/systemd/journal', '/var/log/journal', '/run/log/journal'].map((path) => host.stat(path)),
  );
  if (homes.every(({ kind }) => kind === 'absent')) return { kind: 'absent' };
  const byName = new Map<string, string>();
  for (const folder of FOLDERS) {
    const names = await host.list(folder);
    if (names.kind === 'unreadable') return names;
    if (names.kind !== 'value') continue;
    for (const name of names.value) if (name.endsWith('.conf')) byName.set(name, `${folder}/${name}`);
  }
  const dropIns = [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
  const settings = new Map<string, string>();
  for (const path of [...MAIN_FILES, ...dropIns]) {
    const text = await host.read(path);
    if (text.kind === 'unreadable') return text;
    if (text.kind !== 'value') continue;
    for (const [, name = '', value = ''] of text.value.matchAll(/^\s*(\w+)\s*=\s*(.*?)\s*$/gm))
      settings.set(name, value);
  }
  return { kind: 'value', value: settings };
}
