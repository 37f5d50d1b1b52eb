import type { AdminApi } from '../access/admin-api.ts';
import type { AdminSession } from '../access/admin-session.ts';
import { AccessForm } from './access-form.tsx';
import { useText } from './text-context.ts';

interface SignInPageProps {
  readonly api: AdminApi;
  /** Whether the server has just refused a session that this tab had. */
  readonly ended: boolean;
  onEntered(session: AdminSession): void;
}

export function SignInPage({ api, ended, onEntered }: SignInPageProps) {
  const { say } = useText();
  return (
    <AccessForm
      title={say('sign-in.title')}
      hint={say('sign-in.hint')}
      submitLabel={say('sign-in.submit')}
      notice={ended ? say('sign-in.ended') : undefined}
      submit={(name, password, totp) =>
        api.login({ name, password, ...(totp === undefined ? {} : { totp }) })
      }
      onEntered={onEntered}
    />
  );
}
