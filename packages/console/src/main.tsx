import { createFetchTransport, createRequester } from '@maque/miniprogram';
import { render } from 'preact';
import { createAdminApi } from './access/admin-api.ts';
import './styles/console.css';
import type { Language } from './text/language.ts';
import { App } from './views/app.tsx';

const transport = createFetchTransport();

function createApi(language: Language) {
  return createAdminApi(
    createRequester({
      baseUrl: '',
      transport,
      // A report that takes longer is no longer news; the poller asks again by itself, with its own pauses.
      timeoutMs: 5_000,
      retry: { attempts: 1 },
      language,
    }),
  );
}

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no #console');
render(<App createApi={createApi} />, root);
