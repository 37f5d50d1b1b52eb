import { LineBuffer, type LineTarget } from '@maque/keeper/log-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobQueueErrors } from '../ports/index.ts';
import { createAttention } from './attention.ts';
import { createLogger, silentLogger } from './logger.ts';
import { redact } from './redact.ts';

describe('what is logged', () => {
  const secrets = {
    Authorization: 'Bearer topsecret',
    headers: { cookie: 'topsecret', 'X-Metrics-Token': 'topsecret' },
    session_key: 'topsecret==',
    body: [{ code: 'topsecret0aB', phoneNumber: 'topsecret' }],
    url: '/api/login?code=topsecret&x=topsecret',
    message: 'asked https://api.weixin.qq.com/sns?appid=1&secret=topsecret',
    token: 'topsecret',
    note: 'call 13812345678 or use eyJhbGciOiJI.eyJzaWQi.topsecret',
  };

  it('carries no secret, however deep and whatever it is called', () => {
    const text = JSON.stringify(redact(secrets));
    expect(text).not.toMatch(/topsecret|13812345678/);
    expect(text).toContain('/api/login?code=***');
  });

  it('keeps the codes of errors, their causes and stacks', () => {
    const cause = Object.assign(new Error('no ?token=topsecret'), { code: 'ECONNREFUSED' });
    const logged = redact(new Error('outer', { cause })) as Record<string, Record<string, unknown>>;
    expect(logged).toMatchObject({
      message: 'outer',
      cause: { code: 'ECONNREFUSED', message: 'no ?token=***' },
    });
    expect(logged.stack).toContain('logging.test.ts');
  });

  it('is told to operators without its secrets', () => {
    const told: { readonly code: string; readonly message: string }[] = [];
    const attention = createAttention(silentLogger, { attention: (matter) => void told.push(matter) }, 'en');
    const reason = 'asked https://api.example.com/?token=topsecret for 13812345678';
    attention(jobQueueErrors.JOB_DIED({ data: { name: 'mail', reason } }));
    expect(told[0]).toMatchObject({ code: 'JOB_DIED', message: expect.stringContaining('mail') });
    expect(told[0]?.message).not.toMatch(/topsecret|13812345678/);
  });

  it('is bounded for any object, cycles included', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(JSON.stringify(redact(cycle)).length).toBeLessThan(200);
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 8 }),
        (thing) => {
          JSON.stringify(redact(thing));
        },
      ),
    );
  });

  it('keeps a key that would be a prototype', () => {
    const body: unknown = JSON.parse('{"__proto__":{"toJSON":1,"token":"topsecret"}}');
    expect(JSON.stringify(redact(body))).toBe('{"__proto__":{"toJSON":1,"token":"***"}}');
    const dated = { ['__proto__']: new Date(0) };
    expect(JSON.stringify(redact(dated))).toBe('{"__proto__":"1970-01-01T00:00:00.000Z"}');
  });

  it('goes through the logger as lines of JSON', async () => {
    const written: string[] = [];
    const target: LineTarget = {
      write() {},
      writeSync: (text) => void written.push(text),
      close() {},
    };
    const lines = new LineBuffer(target);
    const log = createLogger(lines, { level: 'info', workerId: 'w1' });
    log.debug('not this');
    log.error({ err: new Error('boom'), token: 'topsecret' }, 'it failed for 13812345678');
    log.warn(new Error('alone'));
    await lines.close();
    const [failed, alone] = written
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failed).toMatchObject({
      level: 50,
      worker: 'w1',
      token: '***',
      msg: 'it failed for ***',
      err: { message: 'boom' },
    });
    expect(alone).toMatchObject({ level: 40, err: { message: 'alone' } });
  });
});
