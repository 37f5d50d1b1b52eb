import type { BackupManifest } from './backup-manifest.ts';

/** Where backups are kept. */
export interface BackupPlace {
  /** What people know it by: a folder, or a bucket. */
  readonly title: string;
  /** The newest first. What is no whole backup is passed over. */
  list(): Promise<readonly BackupManifest[]>;
  /** Keeps what is in the folder `draft`, which must be on this disk, and removes it there. */
  keep(draft: string, manifest: BackupManifest): Promise<void>;
  /**
   * Answers a folder with the backup in it, which is only to be read: its own one, or the new folder `target`, which is
   * there when all of it is.
   * @throws CodedError BACKUP_UNKNOWN.
   */
  fetch(name: string, target: string): Promise<string>;
  remove(name: string): Promise<void>;
}
