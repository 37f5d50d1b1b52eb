import type { AdminLoginAnswer } from '@maque/contract';
import { ApiError } from '@maque/miniprogram';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { AdminSession } from '../access/admin-session.ts';
import sparrow from '../sparrow.svg';
import { faultText } from '../text/fault-text.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { useText } from './text-context.ts';

interface AccessFormProps {
  readonly title: string;
  readonly hint: string;
  readonly submitLabel: string;
  /** Shown above the fields, for news that is not a fault of this form. */
  readonly notice?: string | undefined;
  /** Set when a password is chosen here, not typed again: the fewest characters it may have. */
  readonly newPasswordLength?: number;
  /** @param totp once the server has asked for it. */
  submit(name: string, password: string, totp?: string): Promise<AdminLoginAnswer>;
  onEntered(session: AdminSession): void;
  readonly children?: ComponentChildren;
}

/** Name and password, for whoever is not signed in yet. */
export function AccessForm(props: AccessFormProps) {
  const { say } = useText();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [needsCode, setNeedsCode] = useState(false);
  const titleId = useId();

  async function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFault(undefined);
    try {
      const code = fields.get('totp');
      const answer = await props.submit(
        String(fields.get('name')).trim(),
        String(fields.get('password')),
        code === null ? undefined : String(code).trim(),
      );
      props.onEntered({ name: answer.name, token: answer.token });
    } catch (error) {
      // No fault: who has an authenticator is asked for its code once the password was right.
      const isAsked = error instanceof ApiError && error.code === 'TOTP_REQUIRED';
      if (isAsked) setNeedsCode(true);
      else setFault(error);
      setBusy(false);
    }
  }

  return (
    <div class="access">
      <div class="access-corner">
        <LanguageSwitch />
      </div>
      <main class="access-card" aria-labelledby={titleId}>
        <img class="access-mark" src={sparrow} alt="" width={96} height={96} />
        <p class="wordmark">
          Maque <span lang="zh-CN">麻雀</span>
        </p>
        <h1 id={titleId}>{props.title}</h1>
        <p class="access-hint">{props.hint}</p>
        {props.notice !== undefined && (
          <p class="notice" role="status">
            {props.notice}
          </p>
        )}
        <form onSubmit={onSubmit}>
          <NameField />
          <PasswordField newLength={props.newPasswordLength} />
          {needsCode && <CodeField />}
          <p class="form-fault" role="alert">
            {fault === undefined ? '' : faultText(fault, say)}
          </p>
          <button class="primary" type="submit" disabled={busy}>
            {busy ? say('form.busy') : props.submitLabel}
          </button>
        </form>
        {props.children}
      </main>
    </div>
  );
}

function NameField() {
  const { say } = useText();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{say('form.name')}</label>
      <input
        id={id}
        name="name"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={64}
        required
      />
    </div>
  );
}

function PasswordField({ newLength }: { readonly newLength: number | undefined }) {
  const { say } = useText();
  const [visible, setVisible] = useState(false);
  const id = useId();
  const hintId = useId();
  const isNew = newLength !== undefined;
  const input = {
    id,
    name: 'password',
    autocomplete: isNew ? 'new-password' : 'current-password',
    minLength: newLength,
    maxLength: 200,
    'aria-describedby': isNew ? hintId : undefined,
    required: true,
  };
  return (
    <div class="field">
      <label for={id}>{say('form.password')}</label>
      <div class="field-with-button">
        {visible ? <input type="text" {...input} /> : <input type="password" {...input} />}
        <button type="button" aria-pressed={visible} aria-controls={id} onClick={() => setVisible(!visible)}>
          {say(visible ? 'form.hide-password' : 'form.show-password')}
        </button>
      </div>
      {isNew && (
        <p id={hintId} class="field-hint">
          {say('form.new-password-hint', { length: newLength })}
        </p>
      )}
    </div>
  );
}

/** The code of an authenticator; takes the focus, since it comes when all else is filled in. */
function CodeField() {
  const { say } = useText();
  const id = useId();
  const hintId = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div class="field">
      <label for={id}>{say('form.code')}</label>
      <input
        ref={input}
        id={id}
        name="totp"
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        maxLength={20}
        aria-describedby={hintId}
        required
      />
      <p id={hintId} class="field-hint">
        {say('form.code-hint')}
      </p>
    </div>
  );
}
