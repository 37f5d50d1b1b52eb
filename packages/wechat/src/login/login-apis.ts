import type { ApiFacts } from '../http/api-facts.ts';
import { CODE_TO_SESSION } from './code-to-session.ts';
import { CHECK_SESSION_KEY, RESET_SESSION_KEY } from './session-key.ts';

export const LOGIN_APIS: readonly ApiFacts[] = [CODE_TO_SESSION, CHECK_SESSION_KEY, RESET_SESSION_KEY];
