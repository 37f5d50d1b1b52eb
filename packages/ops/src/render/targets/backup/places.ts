import type { RenderOptions } from '../../target.ts';

/** What belongs to the backups of an app. */
export interface BackupPlaces {
  /** Of the units, without a suffix. */
  readonly unit: string;
  readonly script: string;
  readonly folder: string;
  /** In the system; that of a dump is of its own, in the database as well: it may read everything and write nothing. */
  readonly account: string;
  /** Of the client of a database, with the password; named here, and written by a person. */
  readonly optionFile: string;
}

/** Longest name that systemd-sysusers takes (`UT_NAMESIZE` of glibc, and its end). */
const MOST_ACCOUNT_LENGTH = 31;

/** Of what Maque keeps itself. */
export function backupPlaces({ app, user }: RenderOptions): BackupPlaces {
  return placesOf(`${app}-backup`, user);
}

/** Of a database beside the app. */
export function dumpPlaces({ app }: RenderOptions): BackupPlaces {
  const suffix = '-dump';
  return placesOf(`${app}${suffix}`, app.slice(0, MOST_ACCOUNT_LENGTH - suffix.length) + suffix);
}

function placesOf(unit: string, account: string): BackupPlaces {
  return {
    unit,
    account,
    script: `/usr/local/sbin/${unit}`,
    // Where the doctor looks, too.
    folder: `/var/backups/${unit}`,
    optionFile: `/etc/maque/${unit}.cnf`,
  };
}
