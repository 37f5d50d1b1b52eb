import { limits } from '@maque/contract';
import type { AdminApi } from '../access/admin-api.ts';
import type { AdminSession } from '../access/admin-session.ts';
import { AccessForm } from './access-form.tsx';
import { useText } from './text-context.ts';

interface ClaimPageProps {
  readonly api: AdminApi;
  readonly link: string;
  onEntered(session: AdminSession): void;
  /** Back to signing in with an account. */
  onLeave(): void;
}

export function ClaimPage({ api, link, onEntered, onLeave }: ClaimPageProps) {
  const { say } = useText();
  return (
    <AccessForm
      title={say('claim.title')}
      hint={say('claim.hint')}
      submitLabel={say('claim.submit')}
      newPasswordLength={limits.adminPasswordMinLength}
      submit={(name, password) => api.claim({ link, name, password })}
      onEntered={onEntered}
    >
      <button class="quiet" type="button" onClick={onLeave}>
        {say('claim.instead')}
      </button>
    </AccessForm>
  );
}
