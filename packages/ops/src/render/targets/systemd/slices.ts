import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { appPlaces } from '../../app-places.ts';
import { numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { environmentBudgets, isEnvironment } from './environment-budgets.ts';
import { inMiB } from './limit-lines.ts';
import { meanings } from './meanings.ts';

export const APPS_SLICE = 'apps.slice';
export const DATABASES_SLICE = 'databases.slice';
const FOLDER = '/etc/systemd/system';
const APPLY = ['systemctl', 'daemon-reload'] as const;
const DATABASE_WEIGHT = 200;
/** Units by which distributions know these; a folder for one that is not there does nothing. */
const DATABASE_UNITS: Readonly<Record<string, readonly string[]>> = {
  mariadb: ['mariadb.service'],
  mysql: ['mysql.service', 'mysqld.service'],
  redis: ['redis-server.service', 'redis.service'],
};

/** A wall around all applications, and a place at the table for what they all wait for. */
export function slices(plan: BoxPlan, options: RenderOptions): readonly RenderedFile[] {
  const { language } = options;
  const file = (path: string, lines: Parameters<typeof writeConfig>[0]): RenderedFile => ({
    target: 'systemd',
    path: `${FOLDER}/${path}`,
    content: writeConfig([headOf('systemd', language), ...lines], language),
    apply: APPLY,
  });
  const apps = [
    ...appPlaces(plan, options)
      .filter((place) => !isEnvironment(place, options))
      .map(({ service }) => service.memoryMaxBytes),
    ...environmentBudgets(plan, options).map(({ memoryMaxBytes }) => memoryMaxBytes),
  ];
  const databases = plan.services.filter(({ kind }) => kind in DATABASE_UNITS);
  const protectedBytes = databases.map(({ budgetBytes }) => budgetBytes);
  const units = [...new Set(databases.flatMap(({ kind }) => DATABASE_UNITS[kind] ?? []))];
  return [
    ...(apps.length === 0
      ? []
      : [
          file(APPS_SLICE, [
            '[Unit]',
            'Description=Applications',
            'Before=slices.target',
            '',
            '[Slice]',
            numbered(meanings.sliceMemoryMax, apps.map(inMiB).join(' + '), `MemoryMax=${sum(apps)}`),
          ]),
        ]),
    ...(databases.length === 0
      ? []
      : [
          file(DATABASES_SLICE, [
            '[Unit]',
            'Description=Databases',
            'Before=slices.target',
            '',
            '[Slice]',
            numbered(
              meanings.sliceMemoryLow,
              protectedBytes.map(inMiB).join(' + '),
              `MemoryLow=${sum(protectedBytes)}`,
            ),
            numbered(meanings.sliceWeight, '', `CPUWeight=${DATABASE_WEIGHT}`),
            numbered(meanings.sliceWeight, '', `IOWeight=${DATABASE_WEIGHT}`),
          ]),
          ...units.map((unit) =>
            file(`${unit}.d/40-maque-slice.conf`, ['[Service]', `Slice=${DATABASES_SLICE}`]),
          ),
        ]),
  ];
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}
