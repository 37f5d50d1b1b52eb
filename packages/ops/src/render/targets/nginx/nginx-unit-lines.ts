import { because, type ConfigEntry } from '../../config-lines.ts';

/** What a proxy has no business with. Its master stays root, to read keys and to take the ports below 1024. */
export const NGINX_UNIT_LINES: readonly ConfigEntry[] = [
  because(
    {
      en: 'What a proxy has no business with. Sites under /home can still be read.',
      zh: '代理服务器用不到的权限一律收回；/home 下的站点仍可读取。',
    },
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_KILL',
    'ProtectSystem=full',
    'ProtectHome=read-only',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
  ),
];
