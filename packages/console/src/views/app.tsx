import { useEffect, useMemo, useState } from 'preact/hooks';
import type { AdminApi } from '../access/admin-api.ts';
import { type AdminSession, keepSession, readSession } from '../access/admin-session.ts';
import { takeClaimLink } from '../access/claim-link.ts';
import { keepLanguage, type Language, readLanguage, sayIn } from '../text/language.ts';
import { ClaimPage } from './claim-page.tsx';
import { Overview } from './overview.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { TextProvider } from './text-context.ts';

interface AppProps {
  /** Makes the API whose messages are in this language. */
  createApi(language: Language): AdminApi;
}

export function App({ createApi }: AppProps) {
  const [language, setLanguage] = useState(() => readLanguage(localStorage, navigator.language));
  const [link, setLink] = useState(() => takeClaimLink(location, history));
  const [session, setSession] = useState(() => readSession(sessionStorage));
  const [ended, setEnded] = useState(false);
  const api = useMemo(() => createApi(language), [createApi, language]);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  // A link that is pasted into a tab that shows the console already loads nothing anew.
  useEffect(() => {
    const onHashChange = () => setLink((current) => takeClaimLink(location, history) ?? current);
    addEventListener('hashchange', onHashChange);
    return () => removeEventListener('hashchange', onHashChange);
  }, []);

  const text = useMemo(
    () => ({
      language,
      say: sayIn(language),
      choose(chosen: Language) {
        keepLanguage(localStorage, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );

  const enter = (entered: AdminSession | undefined) => {
    keepSession(sessionStorage, entered);
    setSession(entered);
    setLink(undefined);
    setEnded(false);
  };
  const onRefused = () => {
    enter(undefined);
    setEnded(true);
  };
  const signOut = (current: AdminSession) => {
    enter(undefined);
    // A server that cannot be reached cannot be told; the token ends by itself and this tab has forgotten it.
    api.logout(current.token).catch(() => {});
  };

  return (
    <TextProvider value={text}>
      {link !== undefined ? (
        <ClaimPage api={api} link={link} onEntered={enter} onLeave={() => setLink(undefined)} />
      ) : session === undefined ? (
        <SignInPage api={api} ended={ended} onEntered={enter} />
      ) : (
        <Overview api={api} session={session} onRefused={onRefused} onSignOut={() => signOut(session)} />
      )}
    </TextProvider>
  );
}
