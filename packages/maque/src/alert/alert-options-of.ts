import { basename } from 'node:path';
import { type AlertOptions, lonelyAlertSetting, alertOptionsOf as optionsOf } from '@maque/guard/alert';
import type { Language } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';
import type { MaqueSettings } from '../settings/settings-table.ts';

/**
 * What the settings say of alerts; undefined when no channel is set.
 * @param appDir names the app in messages.
 * @throws CodedError ALERT_SETTING_ALONE: an operator who sets half of a channel believes that there is one.
 */
export function alertOptionsOf(
  settings: MaqueSettings,
  appDir: string,
  language: Language,
): AlertOptions | undefined {
  const lonely = lonelyAlertSetting(settings);
  if (lonely !== undefined) throw commandErrors.ALERT_SETTING_ALONE({ data: { ...lonely } });
  const options = optionsOf(settings);
  return options && { ...options, language, source: { app: basename(appDir), environment: settings.env } };
}
