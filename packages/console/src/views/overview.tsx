import { useEffect } from 'preact/hooks';
import type { AdminApi } from '../access/admin-api.ts';
import type { AdminSession } from '../access/admin-session.ts';
import { formatPercent } from '../text/format.ts';
import { BudgetPanel } from './budget-panel.tsx';
import { FeedBanner } from './feed-banner.tsx';
import { Header } from './header.tsx';
import { ProcessCard } from './process-card.tsx';
import { useText } from './text-context.ts';
import { TrafficPanel } from './traffic-panel.tsx';
import { useStatusFeed } from './use-status-feed.ts';

interface OverviewProps {
  readonly api: AdminApi;
  readonly session: AdminSession;
  /** The server no longer takes the session's token. */
  onRefused(): void;
  onSignOut(): void;
}

export function Overview({ api, session, onRefused, onSignOut }: OverviewProps) {
  const { say } = useText();
  const feed = useStatusFeed(api, session.token, onRefused);
  const { status, history } = feed;

  useEffect(() => {
    if (status === undefined) return;
    document.title = `${formatPercent(status.used / status.budget)} · Maque 麻雀`;
    return () => {
      document.title = 'Maque 麻雀';
    };
  }, [status]);

  return (
    <>
      <Header
        adminName={session.name}
        serverTime={status === undefined ? undefined : Date.parse(status.at)}
        onSignOut={onSignOut}
      />
      <FeedBanner feed={feed} />
      {status === undefined ? (
        feed.failure === undefined && (
          <main class="overview">
            <p class="placeholder" role="status">
              {say('feed.waiting')}
            </p>
          </main>
        )
      ) : (
        <main class={feed.failure === undefined ? 'overview' : 'overview stale'}>
          <BudgetPanel status={status} history={history.total} />
          <TrafficPanel status={status} history={history.total} />
          <h2 class="section-title">{say('process.title')}</h2>
          {status.processes.length === 0 && <p class="placeholder">{say('feed.empty')}</p>}
          <ul class="processes">
            {status.processes.map((process, index) => (
              <ProcessCard
                key={process.id}
                process={process}
                at={status.at}
                tone={index}
                history={history.of(process.id)}
              />
            ))}
          </ul>
        </main>
      )}
    </>
  );
}
