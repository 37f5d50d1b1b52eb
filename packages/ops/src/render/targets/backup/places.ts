import type { RenderOptions } from '../../target.ts';

/** What belongs to the backups of an app. */
export interface BackupPlaces {
  /** Of the units, without a suffix. */
  readonly unit: string;
  readonly script: string;
  readonly folder: string;
  /** In the system and in the database; of its own, for it may read everything and write nothing. */
  readonly account: string;
  /** Of the client, with the password; named here, and written by a person. */
  readonly optionFile: string;
}

export function backupPlaces({ app }: RenderOptions): BackupPlaces {
  return {
    unit: `${app}-backup`,
    script: `/usr/local/sbin/${app}-backup`,
    // Where the doctor looks, too.
    folder: `/var/backups/${app}`,
    account: `${app}-backup`,
    optionFile: `/etc/maque/${app}-backup.cnf`,
  };
}
