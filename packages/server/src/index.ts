export { bootErrors } from './config/boot-errors.ts';
export { checkEnvironment } from './config/check-environment.ts';
export { type DataFolder, dataFolderAt, prepareDataFolder } from './config/data-folder.ts';
export { loadSecrets } from './config/secrets.ts';
export { type ServerSettings, serverSettings } from './config/settings-table.ts';
export { type RunningServer, type RunServerOptions, runServer } from './main.ts';
export { createAdminLink } from './modules/admin/admin-link.ts';
