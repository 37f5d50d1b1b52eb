import type { PlannedWatcher } from '../../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { goLimitLine } from '../prometheus/go-limit.ts';
import { hardeningLines } from '../systemd/hardening-lines.ts';
import { unitDropIn } from '../unit/unit-drop-in.ts';
import { meanings } from './alertmanager-meanings.ts';
import { SECRETS_FILE } from './wecom-secrets.ts';

const OPEN_FILES = 65_535;
const RESTART_SECONDS = 5;
const STATE = '/var/lib/prometheus/alertmanager';
const FILLED = '/run/prometheus-alertmanager/alertmanager.yml';

/** Where the script and the configuration without secrets lie. */
export interface FillPlaces {
  readonly script: string;
  readonly template: string;
}

/** What is added to the unit of Debian's package: limits, hardening that it lacks, and its secrets. */
export function alertmanagerUnit(
  planned: PlannedWatcher,
  places: FillPlaces,
  { language }: RenderOptions,
): RenderedFile {
  return unitDropIn(
    {
      unit: 'prometheus-alertmanager.service',
      target: 'alertmanager',
      planned,
      meanings,
      openFiles: OPEN_FILES,
      restartSeconds: RESTART_SECONDS,
      more: [
        goLimitLine(meanings.gomemlimit, planned),
        ...hardeningLines({
          reads: [],
          writes: [STATE],
          compiles: false,
          families: ['AF_INET', 'AF_INET6', 'AF_UNIX'],
        }),
        ...secretLines(places),
        ...startLines(),
      ],
    },
    language,
  );
}

function secretLines({ script, template }: FillPlaces): readonly ConfigEntry[] {
  const fill = `/bin/sh ${script} ${template} ${FILLED}`;
  return [
    because(
      {
        en: 'Read by systemd as root, before the service gives up its rights: mode 0600, owned by root',
        zh: '由 systemd 以 root 读取，之后服务才降权：权限 0600，属主 root',
      },
      `EnvironmentFile=${SECRETS_FILE}`,
    ),
    'RuntimeDirectory=prometheus-alertmanager',
    'RuntimeDirectoryMode=0700',
    `ExecStartPre=${fill}`,
    'ExecReload=',
    `ExecReload=${fill}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
  ];
}

function startLines(): readonly ConfigEntry[] {
  return [
    because(
      {
        en: "On loopback only, and without the port 9094 of a cluster that there is none of; otherwise as Debian's package has it",
        zh: '只监听回环地址，不开集群端口 9094；其余与 Debian 软件包一致',
      },
      'ExecStart=',
      `ExecStart=/usr/bin/prometheus-alertmanager --config.file=${FILLED} \\`,
      `    --storage.path=${STATE}/ --web.listen-address=127.0.0.1:9093 --cluster.listen-address= \\`,
    ),
    numbered(meanings.retention, '', '    --data.retention=120h'),
  ];
}
