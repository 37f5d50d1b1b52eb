import { createCipheriv, randomBytes } from 'node:crypto';
import { createManualClock, MINUTE } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WechatError } from '../errors/wechat-error.ts';
import { APP_ID } from '../with-simulator.fixture.ts';
import type { SealedData } from './decrypt-open-data.ts';
import { createOpenData } from './open-data.ts';

// WeChat's own sample, as on its page of open data.
const SESSION_KEY = 'tiihtNczf5v6AKRyjwEUhQ==';
const IV = 'r7BXXKkLb8qrSNn05n0qiA==';
const ENCRYPTED =
  'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==';
const SEALED_AT_MS = 1_477_314_187_000;

const sample = { sessionKey: SESSION_KEY, iv: IV, encryptedData: ENCRYPTED };

function seal(plain: string, sessionKey: string) {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv);
  const encryptedData = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  return { sessionKey, iv: iv.toString('base64'), encryptedData };
}

function openedAt(nowEpochMs: number, appId = APP_ID) {
  return createOpenData(appId, createManualClock(nowEpochMs));
}

/** What decrypting throws. */
async function failureOf(sealed: SealedData, appId = APP_ID): Promise<WechatError> {
  const failure: unknown = await openedAt(SEALED_AT_MS, appId)
    .decrypt(sealed)
    .catch((error: unknown) => error);
  if (failure instanceof WechatError) return failure;
  throw new Error('it should have failed');
}

describe('sealed data', () => {
  it("are opened as in WeChat's sample", async () => {
    expect(await openedAt(SEALED_AT_MS).decrypt(sample)).toMatchObject({
      openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
      unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
      watermark: { timestamp: 1_477_314_187, appid: APP_ID },
    });
  });

  it('of another mini-program are refused, and not shown', async () => {
    const error = await failureOf(sample, 'wxba5fad812f8e6fb9');
    expect(error).toMatchObject({ code: 'WECHAT_APPID_MISMATCH', data: { foundAppId: APP_ID } });
    expect(JSON.stringify(error)).not.toContain('oGZUI0egBJY1zhBYw2KhdUfwVJJE');
  });

  it('without a watermark are refused', async () => {
    const sessionKey = randomBytes(16).toString('base64');
    expect((await failureOf(seal('{"openId":"o1"}', sessionKey))).code).toBe('WECHAT_APPID_MISMATCH');
  });

  it('that are too old are refused where that matters, and only there', async () => {
    const later = openedAt(SEALED_AT_MS + 11 * MINUTE);
    expect(await later.decrypt(sample)).toHaveProperty('openId');
    await expect(later.decrypt({ ...sample, maxAgeMs: 10 * MINUTE })).rejects.toMatchObject({
      code: 'WECHAT_DATA_INVALID',
    });
    const inTime = openedAt(SEALED_AT_MS + 9 * MINUTE);
    expect(await inTime.decrypt({ ...sample, maxAgeMs: 10 * MINUTE })).toHaveProperty('openId');
  });

  it('that another key sealed mean a stale session: never a crash, never data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (bytes) => {
        const sessionKey = Buffer.from(bytes).toString('base64');
        fc.pre(sessionKey !== SESSION_KEY);
        expect(await failureOf({ ...sample, sessionKey })).toMatchObject({
          code: 'WECHAT_SESSION_STALE',
          status: 401,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('that are no JSON object mean a stale session too', async () => {
    const sessionKey = randomBytes(16).toString('base64');
    for (const plain of ['', 'hello', '[', '7', 'null']) {
      expect((await failureOf(seal(plain, sessionKey))).code).toBe('WECHAT_SESSION_STALE');
    }
    expect((await failureOf({ ...sample, sessionKey: 'c2hvcnQ=' })).code).toBe('WECHAT_SESSION_STALE');
  });

  it.each([
    ['no text', { encryptedData: 7 as unknown as string }, 'encryptedData'],
    ['nothing', { encryptedData: '' }, 'encryptedData'],
    ['no base64', { encryptedData: '*'.repeat(64) }, 'encryptedData'],
    ['half a block', { encryptedData: Buffer.alloc(24).toString('base64') }, 'encryptedData'],
    ['more than 64 KiB', { encryptedData: Buffer.alloc(65_552).toString('base64') }, 'encryptedData'],
    ['a megabyte of anything', { encryptedData: 'A'.repeat(2 ** 20) }, 'encryptedData'],
    ['a short iv', { iv: 'AAAA' }, 'iv'],
    ['no iv', { iv: undefined as unknown as string }, 'iv'],
  ])('that are %s are the fault of the client, who is told which', async (_, wrong, path) => {
    const error = await failureOf({ ...sample, ...wrong });
    expect(error).toMatchObject({ code: 'WECHAT_DATA_INVALID', status: 400 });
    expect(error.details).toMatchObject([{ path }]);
  });

  it('come back as they were, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        async (data, key) => {
          const whole = { ...data, watermark: { appid: APP_ID, timestamp: 1_700_000_000 } };
          const sealed = seal(JSON.stringify(whole), Buffer.from(key).toString('base64'));
          expect(await openedAt(0).decrypt(sealed)).toEqual(JSON.parse(JSON.stringify(whole)));
        },
      ),
    );
  });
});

describe('signed data', () => {
  // WeChat's own sample.
  const signed = {
    sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==',
    rawData:
      '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}',
    signature: '75e81ceda165f4ffa64f4068af58c64b8f54b88c',
  };
  const { verify } = openedAt(0);

  it("are believed as in WeChat's sample, and not with one byte changed", async () => {
    expect(await verify(signed)).toBe(true);
    expect(await verify({ ...signed, rawData: signed.rawData.replace('Band', 'band') })).toBe(false);
    expect(await verify({ ...signed, sessionKey: SESSION_KEY })).toBe(false);
  });

  it('are not believed with a signature that cannot be one', async () => {
    for (const signature of [
      '',
      '75',
      `${signed.signature}00`,
      signed.signature.toUpperCase(),
      'z'.repeat(40),
      undefined,
    ]) {
      expect(await verify({ ...signed, signature: signature as string })).toBe(false);
    }
  });
});
