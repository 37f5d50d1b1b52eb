/** Timers of packages, and the quiet hour that each is moved to, so that they do not meet. */
export const QUIET_HOURS: Readonly<Record<string, string>> = {
  'apt-daily.timer': '*-*-* 04:10',
  'apt-daily-upgrade.timer': '*-*-* 04:40',
  'dnf-makecache.timer': '*-*-* 05:10',
  'dnf-automatic.timer': '*-*-* 05:20',
  'yum-makecache.timer': '*-*-* 05:10',
  'packagekit-offline-update.timer': '*-*-* 05:30',
  'man-db.timer': '*-*-* 05:40',
};
