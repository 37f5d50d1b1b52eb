// The guard knows them too: an app that registers it alerts by the same settings.
export { type AlertSettings, alertSettings } from '@maque/guard/alert';
