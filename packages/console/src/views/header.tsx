import sparrow from '../sparrow.svg';
import { formatMoment } from '../text/format.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { useText } from './text-context.ts';

interface HeaderProps {
  readonly adminName: string;
  /** The server's own time of the newest report, in ms since the epoch. */
  readonly serverTime: number | undefined;
  onSignOut(): void;
}

export function Header({ adminName, serverTime, onSignOut }: HeaderProps) {
  const { say } = useText();
  return (
    <header class="header">
      <p class="brand">
        <img class="brand-mark" src={sparrow} alt="" width={36} height={36} />
        <span class="wordmark">
          Maque <span lang="zh-CN">麻雀</span>
        </span>
      </p>
      {serverTime !== undefined && (
        <p class="server-time">
          <span class="label">{say('header.server-time')}</span>{' '}
          <time dateTime={new Date(serverTime).toISOString()}>{formatMoment(serverTime)}</time>
        </p>
      )}
      <div class="header-end">
        <LanguageSwitch />
        <span class="admin-name" title={say('header.signed-in-as', { name: adminName })}>
          {adminName}
        </span>
        <button class="quiet" type="button" onClick={onSignOut}>
          {say('header.sign-out')}
        </button>
      </div>
    </header>
  );
}
