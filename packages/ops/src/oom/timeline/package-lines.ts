import type { Text } from '@maque/kit';

/** What a package manager did, as its log tells it; times are local ones without a zone. */
export interface PackageLine {
  /** ISO 8601, with a zone where there is one. */
  readonly time: string;
  readonly text: Text;
  readonly subject: string;
}

const DID = {
  installed: { en: 'installed: {subject}', zh: '安装：{subject}' },
  upgraded: { en: 'upgraded: {subject}', zh: '升级：{subject}' },
  removed: { en: 'removed: {subject}', zh: '卸载：{subject}' },
} as const satisfies Record<string, Text>;

const VERBS: Readonly<Record<string, keyof typeof DID>> = {
  install: 'installed',
  installed: 'installed',
  upgrade: 'upgraded',
  upgraded: 'upgraded',
  updated: 'upgraded',
  downgrade: 'upgraded',
  remove: 'removed',
  removed: 'removed',
  erased: 'removed',
  purge: 'removed',
};

/** dpkg.log: `2026-05-01 03:10:07 upgrade nginx:amd64 1.22 1.24`. */
const DPKG = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (install|upgrade|remove|purge) ([^\s:]{1,100})/;
/** dnf.rpm.log: `2026-05-01T03:10:07+0800 SUBDEBUG Upgrade: nginx-1.24-1.el9.x86_64`; `Upgraded:` names what was before. */
const DNF =
  /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)([+-]\d{4}|Z)? \w{1,12} (Installed|Upgrade|Install|Removed|Erased|Downgrade): (\S{1,100})/;
/** yum.log: `May 01 03:10:07 Updated: nginx-1.20.1-1.el7.x86_64`; the year is the file's. */
const YUM =
  /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d\d) (\d\d:\d\d:\d\d) (Installed|Updated|Erased): (\S{1,100})/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** @param year of the lines that tell none */
export function packageLine(line: string, year: number): PackageLine | undefined {
  const dpkg = DPKG.exec(line);
  if (dpkg !== null) return made(`${dpkg[1]}T${dpkg[2]}`, dpkg[3], dpkg[4]);
  const dnf = DNF.exec(line);
  if (dnf !== null) return made(`${dnf[1]}T${dnf[2]}${dnf[3] ?? ''}`, dnf[4], dnf[5]);
  const yum = YUM.exec(line);
  if (yum === null) return undefined;
  const month = String(MONTHS.indexOf(yum[1] ?? '') / 3 + 1).padStart(2, '0');
  return made(`${year}-${month}-${yum[2]}T${yum[3]}`, yum[4], yum[5]);
}

function made(time: string, verb = '', subject = ''): PackageLine | undefined {
  const did = VERBS[verb.toLowerCase()];
  return did === undefined ? undefined : { time, subject, text: DID[did] };
}
