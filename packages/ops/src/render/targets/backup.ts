import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { appPlaces } from '../app-places.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { backupFiles, text } from './backup/backup-files.ts';
import { copyScript } from './backup/copy-script.ts';
import { dumpScript } from './backup/dump-script.ts';
import { meanings } from './backup/meanings.ts';
import { backupPlaces, dumpPlaces } from './backup/places.ts';
import { emptyFileOnce } from './systemd/empty-file.ts';

const DUMP_MEMORY_MB = 96;
const COPY_MEMORY_MB = 256;
/** By the names of Debian and of Red Hat; one that is not there is skipped. */
const UNITS = { mariadb: 'mariadb.service', mysql: 'mysql.service mysqld.service' } as const;

/** A logical backup every night: of what Maque keeps, and of a database beside it. */
export const backup: RenderTarget = {
  name: 'backup',
  summary: {
    en: 'A backup every night, with a look at the free space, a check that it is whole, and rotation',
    zh: '每晚一次逻辑备份：检查空间、校验完整、自动轮换',
  },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    const database = plan.services.find(
      (service): service is PlannedDatabase => service.kind === 'mariadb' || service.kind === 'mysql',
    );
    const hasMaque = appPlaces(plan, options).some(
      ({ isMain, service }) => isMain && service.kind === 'maque',
    );
    return [
      ...(hasMaque ? copies(options) : []),
      ...(database === undefined ? [] : dumps(database.kind, options)),
    ];
  },
};

function dumps(kind: PlannedDatabase['kind'], options: RenderOptions): readonly RenderedFile[] {
  const places = dumpPlaces(options);
  const { unit, account, folder, optionFile } = places;
  const sysusers = `/etc/sysusers.d/maque-${unit}.conf`;
  return [
    {
      target: 'backup',
      path: sysusers,
      content: text(options, [`u ${account} - "Backups of ${options.app}" ${folder}`]),
      apply: ['systemd-sysusers', sysusers],
    },
    ...backupFiles(
      {
        places,
        description: `Backup of the database of ${options.app}`,
        hour: '03:40',
        script: dumpScript(kind, places, options),
        memoryMb: DUMP_MEMORY_MB,
        // One that was missed is made up for right after the start of the machine.
        after: [`After=${UNITS[kind]}`],
        start: [],
        writes: [folder],
        compiles: false,
        network: ['IPAddressDeny=any', 'IPAddressAllow=localhost'],
        next: [emptyFileOnce(optionFile, account)],
      },
      options,
    ),
  ];
}

function copies(options: RenderOptions): readonly RenderedFile[] {
  const { app, appDir, dataDir } = options;
  const places = backupPlaces(options);
  return backupFiles(
    {
      places,
      description: `Backup of ${app}`,
      hour: '03:20',
      script: copyScript(places, options),
      memoryMb: COPY_MEMORY_MB,
      after: [],
      start: [`WorkingDirectory=${appDir}`, `EnvironmentFile=-/etc/maque/${app}.env`],
      // As one place, so that uploaded files get a second name instead of a copy: links do not lead from one of
      // systemd's places to another.
      writes: dataDir.startsWith('/var/') ? ['/var'] : [places.folder, dataDir],
      compiles: true,
      // Nothing of a backup leaves the box by itself, unless the files lie in an object store.
      network: [],
      next: [],
    },
    options,
  );
}
