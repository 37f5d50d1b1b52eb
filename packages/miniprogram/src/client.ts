import type { Me, Upload, UploadLink, UploadLinksAnswer } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';
import { type ClientLanguage, clientFault } from './api-error.ts';
import type { AppShape, CollectionName } from './app-types.ts';
import type { BatchResults, BatchStep } from './batch.ts';
import { type CollectionClient, type CreateOptions, createCollectionClient } from './collection-client.ts';
import { createFetchTransport } from './fetch-transport.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { type PaymentOutcome, type PaymentParameters, requestPayment } from './payment.ts';
import { type ApiPath, checkBaseUrl, createRequester, type QueryValue } from './requester.ts';
import type { RetryPolicy } from './retry.ts';
import { createSession, type LoginCodeSource, wechatLoginCode } from './session.ts';
import { requestSubscription, type SubscriptionAnswers } from './subscription.ts';
import { defaultTokenStorage, type TokenStorage } from './token-storage.ts';
import type { FileToSend, Method, Transport } from './transport.ts';
import { createUploader, type UploadOptions } from './upload.ts';
import { wechatRuntime } from './wechat-runtime.ts';
import { createWechatTransport } from './wechat-transport.ts';

export interface ClientOptions {
  /** `https://api.example.com`, without `/api`. */
  readonly baseUrl: string;
  /** `wx.request` inside WeChat, `fetch` elsewhere, unless told. */
  readonly transport?: Transport;
  /** WeChat's storage inside WeChat; elsewhere the token is not kept, unless told. */
  readonly storage?: TokenStorage;
  /** `wx.login` inside WeChat; a test against the simulator gives `async () => 'demo-1'`. */
  readonly loginCode?: LoginCodeSource;
  /** The AppID of this mini-program, where one server serves several. */
  readonly appId?: string;
  /** Bound of one try; 10 s unless told. Uploads have a minute. */
  readonly timeoutMs?: Milliseconds;
  /** For what may be sent twice: GET, creating and batches (under one key), and saying that a file has arrived. 3 tries unless told. */
  readonly retry?: Partial<RetryPolicy>;
  /** Language of error messages; Chinese inside WeChat and English elsewhere, unless told. */
  readonly language?: ClientLanguage;
}

/** What a user may change of themselves. */
export type MeChanges = Partial<Pick<Me, 'nickname' | 'avatarUrl'>>;

/** The client of one app. Each call throws `ApiError`. */
export interface Client<App extends AppShape> {
  /** Whether there is a token; whether the server still takes it shows at the next call. */
  readonly isLoggedIn: boolean;
  /** Logs in with WeChat; needed once, since an ended session is renewed by itself. */
  login(): Promise<Me>;
  /** Ends the session on the server and on this phone; on the phone also when the server cannot be reached. */
  logout(): Promise<void>;
  readonly me: {
    get(): Promise<Me>;
    update(changes: MeChanges): Promise<Me>;
    /** Binds the phone number behind the `code` that a `getPhoneNumber` button gives: `event.detail.code`. */
    bindPhone(code: string): Promise<Me>;
    /** Has the server forget the user and what is theirs; there is no way back. Ends the session. */
    erase(): Promise<void>;
  };
  collection<const Name extends CollectionName<App>>(name: Name): CollectionClient<App['collections'][Name]>;
  /**
   * Writes several records, all of them or none, at most 100:
   * `batch([carts.batch.remove(id), orders.batch.create({ … })])` answers what each of them answers, null for a removal.
   */
  batch<const Steps extends readonly BatchStep<unknown>[]>(
    steps: Steps,
    options?: CreateOptions,
  ): Promise<BatchResults<Steps>>;
  /**
   * Sends a picture, a video or a document: inside WeChat the path that `wx.chooseMedia` and the like give, elsewhere a
   * `Blob`. It goes straight to the store of files where the server has one that takes it (its domain must be on the list
   * of upload domains), and otherwise through the server. What is too large or of another kind is refused with `BODY_TOO_LARGE` or `FILE_KIND_UNSUPPORTED`.
   */
  upload(file: FileToSend, options?: UploadOptions): Promise<Upload>;
  /**
   * Where files are loaded, private ones among them, for `<image src>`: of those that the user may load, whole addresses. At
   * most 50 ids; a private one's is good for an hour.
   */
  fileLinks(ids: readonly string[]): Promise<readonly UploadLink[]>;
  /**
   * Opens WeChat's cashier with what the server answered for a payment. No outcome is a proof, nor is a failure: ask the
   * server, which hears it from WeChat Pay, before you say so or let anybody pay again.
   */
  pay(parameters: PaymentParameters): Promise<PaymentOutcome>;
  /**
   * Asks the user for the right to send one message of each template (5 at most), and tells the server what was answered.
   * WeChat allows it in the handler of a tap or of a payment only, before anything is waited for.
   */
  subscribe(templateIds: readonly string[]): Promise<SubscriptionAnswers>;
  /** The whole address of a path on this server such as the `url` of an upload, for `<image src>`; others stay as they are. */
  addressOf(url: string): string;
  /** Calls a route of your own: `call('POST', '/orders', body)`. With GET and DELETE `input` is the query. */
  call<Answer = unknown>(method: Method, path: ApiPath, input?: object): Promise<Answer>;
}

/**
 * Makes the client of one app: `createClient<App>({ baseUrl })`, where `export type App = typeof app` is in
 * maque.config.ts and is imported as a type only.
 * @throws TypeError when `baseUrl` is not an http(s) address.
 */
export function createClient<App extends AppShape>(options: ClientOptions): Client<App> {
  const wechat = wechatRuntime();
  const base = checkBaseUrl(options.baseUrl);
  const language = options.language ?? (wechat === undefined ? 'en' : 'zh-CN');
  const transport =
    options.transport ?? (wechat === undefined ? createFetchTransport() : createWechatTransport(wechat));
  const requester = createRequester({
    baseUrl: options.baseUrl,
    transport,
    timeoutMs: options.timeoutMs,
    retry: options.retry,
    language,
  });
  const session = createSession({
    requester,
    appId: options.appId,
    storage: options.storage ?? defaultTokenStorage(),
    // One mini-program may talk to several environments; their tokens must not replace each other.
    storageKey: `maque:token:${options.baseUrl}`,
    loginCode:
      options.loginCode ?? (wechat === undefined ? noLoginCode(language) : wechatLoginCode(wechat, language)),
  });
  const { send } = session;
  const addressOf = (url: string) => (url.startsWith('/') ? base + url : url);

  return {
    get isLoggedIn() {
      return session.token !== undefined;
    },
    login: async () => (await session.login()).user,
    logout: () => session.logout(),
    me: {
      get: async () => (await send({ method: 'GET', path: '/me' })) as Me,
      update: async (changes) => (await send({ method: 'PATCH', path: '/me', body: changes })) as Me,
      bindPhone: async (code) => (await send({ method: 'POST', path: '/me/phone', body: { code } })) as Me,
      async erase() {
        await send({ method: 'DELETE', path: '/me' });
        // Ended on the server already, which is no fault.
        await session.logout();
      },
    },
    collection: (name) => createCollectionClient(name, send),
    async batch<const Steps extends readonly BatchStep<unknown>[]>(
      steps: Steps,
      { idempotencyKey = newIdempotencyKey() }: CreateOptions = {},
    ) {
      const body = { operations: steps.map(({ operation }) => operation) };
      const answer = await send({ method: 'POST', path: '/batch', body, idempotencyKey });
      return (answer as { readonly results: BatchResults<Steps> }).results;
    },
    upload: createUploader({ wechat, transport, send, language }),
    async fileLinks(ids) {
      // Asking twice does no harm.
      const request = { method: 'POST', path: '/uploads/links', body: { ids }, isRepeatable: true } as const;
      const { items } = (await send(request)) as UploadLinksAnswer;
      return items.map((link) => ({ ...link, url: addressOf(link.url) }));
    },
    pay: (parameters) => requestPayment(wechat, parameters, language),
    async subscribe(templateIds) {
      const answers = await requestSubscription(wechat, templateIds, language);
      await send({ method: 'POST', path: '/wechat/subscriptions', body: { answers } });
      return answers;
    },
    addressOf,
    async call<Answer>(method: Method, path: ApiPath, input?: object) {
      const inQuery = method === 'GET' || method === 'DELETE';
      const request = inQuery ? { query: input as Record<string, QueryValue> } : { body: input };
      return (await send({ method, path, ...request })) as Answer;
    },
  };
}

function noLoginCode(language: ClientLanguage): LoginCodeSource {
  return async () => {
    throw clientFault('LOGIN_FAILED', language, { cause: 'outside WeChat createClient needs a loginCode' });
  };
}
