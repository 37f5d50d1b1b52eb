import type { CodedError } from '@maque/kit';
import { bootErrors } from './boot-errors.ts';
import type { ServerSettings } from './settings-table.ts';

/** One mini-program and its secret. */
export interface WechatApp {
  readonly appId: string;
  readonly secret: string;
}

const FORM = /^(wx[0-9a-z]{4,30}):([\x21-\x7e]{8,64})$/i;

/** The further mini-programs of the settings, those that are well told. */
export function moreApps({ wechatMoreApps }: Pick<ServerSettings, 'wechatMoreApps'>): readonly WechatApp[] {
  return wechatMoreApps.flatMap((entry) => {
    const [, appId, secret] = FORM.exec(entry) ?? [];
    return appId === undefined || secret === undefined ? [] : [{ appId, secret }];
  });
}

/** What is wrong with them; the secrets are in none of it. */
export function moreAppsProblems(
  settings: Pick<ServerSettings, 'wechatMoreApps' | 'wechatAppId'>,
): CodedError[] {
  const { wechatMoreApps, wechatAppId } = settings;
  const problems: CodedError[] = [];
  if (wechatMoreApps.length > 0 && wechatAppId === undefined)
    problems.push(bootErrors.WECHAT_FIRST_APP_MISSING());
  for (const [position, entry] of wechatMoreApps.entries()) {
    if (!FORM.test(entry)) problems.push(bootErrors.WECHAT_APP_INVALID({ data: { position: position + 1 } }));
  }
  const ids = [
    ...(wechatAppId === undefined ? [] : [wechatAppId]),
    ...moreApps(settings).map(({ appId }) => appId),
  ];
  const twice = ids.find((appId, position) => ids.indexOf(appId) !== position);
  if (twice !== undefined) problems.push(bootErrors.WECHAT_APP_TWICE({ data: { appId: twice } }));
  return problems;
}
