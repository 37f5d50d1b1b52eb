import type { Bytes } from '@maque/kit';
import { backupErrors } from './backup-errors.ts';

/** What a backup says of itself, in `backup.json`. */
export interface BackupManifest {
  readonly format: 1;
  /** When it was made, and what it is called: `2026-11-20T030000.000Z`. Names sort by time. */
  readonly name: string;
  /** Those made by schedule go when there are newer ones; those that somebody asked for stay. */
  readonly kind: 'scheduled' | 'asked';
  readonly database: {
    readonly bytes: Bytes;
    /** In hex. */
    readonly sha256: string;
    /** Rows by table. */
    readonly rows: Readonly<Record<string, number>>;
  };
  /** Uploaded files in it; null where they are in a bucket, which keeps them by itself. */
  readonly files: { readonly count: number; readonly bytes: Bytes } | null;
  /** Whether the keys of the installation are in it. */
  readonly hasSecrets: boolean;
}

/** Files and folders in the folder of a backup. */
export const BACKUP_FILES = {
  manifest: 'backup.json',
  database: 'maque.db',
  secrets: 'secrets.json',
  uploads: 'files',
} as const;

// A manifest has a line a table; an app of 1,000 collections needs 100 KiB.
export const MAX_MANIFEST_BYTES: Bytes = 1024 * 1024;

/** Made of the time, without the colons that some file systems refuse. */
export function newBackupName(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(':', '');
}

/** When a backup of that name was made. */
export function backupTimeMs(name: string): number {
  return Date.parse(name.replace(/T(\d\d)(\d\d)/, 'T$1:$2:'));
}

export function isBackupName(name: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/.test(name);
}

/** @throws CodedError BACKUP_DAMAGED when it is no manifest of a backup of that name. */
export function readManifest(text: string, name: string): BackupManifest {
  const manifest = parsed(text) as Partial<BackupManifest> | null;
  const isWhole =
    manifest?.format === 1 &&
    manifest.name === name &&
    (manifest.kind === 'scheduled' || manifest.kind === 'asked') &&
    /^[0-9a-f]{64}$/.test(manifest.database?.sha256 ?? '') &&
    typeof manifest.database?.rows === 'object' &&
    typeof manifest.hasSecrets === 'boolean' &&
    manifest.files !== undefined;
  if (!isWhole) throw backupErrors.BACKUP_DAMAGED({ data: { name, reason: BACKUP_FILES.manifest } });
  return manifest as BackupManifest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
