import type { SystemStatus } from '@maque/contract';
import { ApiError } from '@maque/miniprogram';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AdminApi } from '../access/admin-api.ts';
import { StatusHistory } from '../status/status-history.ts';
import { pollIntervalMs, StatusPoller } from '../status/status-poller.ts';

export interface StatusFeed {
  /** The newest report; undefined before the first. */
  readonly status: SystemStatus | undefined;
  /** When it arrived, by this browser's clock. */
  readonly answeredAt: number | undefined;
  /** Why the last question failed; undefined when it did not. */
  readonly failure: unknown;
  readonly history: StatusHistory;
  askNow(): void;
}

/** Follows the server's status for as long as the component lives. */
export function useStatusFeed(api: AdminApi, token: string, onRefused: () => void): StatusFeed {
  const [report, setReport] = useState<Pick<StatusFeed, 'status' | 'answeredAt'>>();
  const [failure, setFailure] = useState<unknown>();
  const history = useRef<StatusHistory>(undefined);
  const poller = useRef<StatusPoller<SystemStatus>>(undefined);
  history.current ??= new StatusHistory(pollIntervalMs / 1_000);

  useEffect(() => {
    const current = new StatusPoller<SystemStatus>({
      ask: () => api.status(token),
      onAnswer(status) {
        history.current?.record(status);
        setReport({ status, answeredAt: Date.now() });
        setFailure(undefined);
      },
      onFailure(error) {
        if (isRefusal(error)) onRefused();
        else setFailure(error);
      },
      schedule(work, ms) {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      isHidden: () => document.hidden,
    });
    poller.current = current;
    const onVisibilityChange = () => void current.askNow();
    document.addEventListener('visibilitychange', onVisibilityChange);
    onVisibilityChange();
    return () => {
      document.removeEventListener('visibilitychange', onVisibilityChange);
      current.stop();
    };
  }, [api, token]);

  return {
    status: report?.status,
    answeredAt: report?.answeredAt,
    failure,
    history: history.current,
    askNow: () => void poller.current?.askNow(),
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}
