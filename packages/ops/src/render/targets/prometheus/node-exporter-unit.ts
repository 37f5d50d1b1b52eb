import type { PlannedWatcher } from '../../../plan/box/planned-service.ts';
import { because } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { unitDropIn } from '../unit/unit-drop-in.ts';
import { goLimitLine } from './go-limit.ts';
import { meanings } from './prometheus-meanings.ts';

const OPEN_FILES = 65_535;
const RESTART_SECONDS = 5;

/** What is added to the unit of Debian's package. */
export function nodeExporterUnit(planned: PlannedWatcher, { language }: RenderOptions): RenderedFile {
  return unitDropIn(
    {
      unit: 'prometheus-node-exporter.service',
      target: 'prometheus',
      planned,
      meanings,
      openFiles: OPEN_FILES,
      restartSeconds: RESTART_SECONDS,
      more: [
        goLimitLine(meanings.gomemlimit, planned),
        because(
          {
            en: 'On loopback only: by default the package shows processes, disks and versions to everybody who finds port 9100',
            zh: '只监听回环地址：软件包默认对所有人开放 9100 端口，会泄露进程、磁盘与版本信息',
          },
          'ExecStart=',
          'ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=127.0.0.1:9100 $ARGS',
        ),
      ],
    },
    language,
  );
}
