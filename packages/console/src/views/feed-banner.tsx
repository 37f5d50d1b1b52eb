import { faultText } from '../text/fault-text.ts';
import { formatClock } from '../text/format.ts';
import { useText } from './text-context.ts';
import type { StatusFeed } from './use-status-feed.ts';

/** Tells when the page is not up to date, since when and why; empty while all is well. */
export function FeedBanner({ feed }: { readonly feed: StatusFeed }) {
  const { say } = useText();
  const { answeredAt, failure } = feed;
  return (
    <div role="alert">
      {failure !== undefined && (
        <div class="banner">
          <p>
            <strong>
              {answeredAt === undefined
                ? say('feed.never')
                : say('feed.silent', { time: formatClock(answeredAt) })}
            </strong>{' '}
            <span class="banner-reason">{faultText(failure, say)}</span>
          </p>
          <button type="button" onClick={feed.askNow}>
            {say('feed.ask-now')}
          </button>
        </div>
      )}
    </div>
  );
}
