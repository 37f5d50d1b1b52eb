import type { ConfigEntry } from '../../config-lines.ts';
import { because } from '../../config-lines.ts';

const NO_EXECUTABLE_MEMORY = {
  en: 'No MemoryDenyWriteExecute=: V8 and the JVM compile at run time.',
  zh: '不设 MemoryDenyWriteExecute=：V8 与 JVM 需要在运行时编译。',
};

/** Whatever a server for requests has no business with. */
const LINES: readonly string[] = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'DevicePolicy=closed',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectProc=invisible',
  'RestrictSUIDSGID=yes',
  'RestrictRealtime=yes',
  'RestrictNamespaces=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged',
  // Refused, not killed: what a library merely tries does not take the service along.
  'SystemCallErrorNumber=EPERM',
];

export interface HardeningOptions {
  /** All that it has to read. */
  readonly reads: readonly string[];
  /** Besides what systemd makes for it. */
  readonly writes: readonly string[];
  /** Compiles at run time. */
  readonly compiles: boolean;
  /** `AF_INET` and its like; os.networkInterfaces() of Node asks by AF_NETLINK. */
  readonly families: readonly string[];
}

export function hardeningLines(options: HardeningOptions): readonly ConfigEntry[] {
  const { reads, writes, compiles, families } = options;
  const livesAtHome = [...reads, ...writes].some((path) => path.startsWith('/home/'));
  return [
    ...LINES,
    `ProtectHome=${livesAtHome ? 'read-only' : 'yes'}`,
    `RestrictAddressFamilies=${families.join(' ')}`,
    compiles ? because(NO_EXECUTABLE_MEMORY, 'UMask=0077') : 'UMask=0077',
    ...(compiles ? [] : ['MemoryDenyWriteExecute=yes']),
    ...writes.map((path) => `ReadWritePaths=${path}`),
  ];
}

/** A folder under /var/lib is made, and given to the service's user, by systemd. */
export function stateLines(dataDir: string): readonly string[] {
  if (!dataDir.startsWith('/var/lib/')) return [];
  return [`StateDirectory=${dataDir.slice('/var/lib/'.length)}`, 'StateDirectoryMode=0700'];
}
