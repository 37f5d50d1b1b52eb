import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

/** A user and a template. */
export interface Subscription {
  readonly userId: string;
  readonly templateId: string;
}

/**
 * Nobody has more: each is a tap. It bounds what a client can make of a number that is its own word.
 */
const MOST_REMAINING = 1_000;
/**
 * A mini-program has 50 at a time, and some more over the years. Clients name them, so this bounds their rows; of what is
 * not kept WeChat is asked.
 */
const MOST_TEMPLATES = 200;

const FIND = 'select remaining from maque_message_consents where userId = ? and templateId = ?';
const COUNT = 'select count(*) as templates from maque_message_consents where userId = ?';
const INSERT =
  'insert into maque_message_consents (userId, templateId, remaining, reported) values (?, ?, ?, ?)';
const ONE_MORE = `case when remaining < ${MOST_REMAINING} then remaining + 1 else remaining end`;
// `reported` is how many acceptances the client has told that WeChat has not, or the other way round below zero: what the
// second of the two tells is counted already. Columns are set in this order, since MySQL uses new values at once.
const TOLD_BY_CLIENT = `update maque_message_consents
  set remaining = case when reported < 0 then remaining else ${ONE_MORE} end, reported = reported + 1
  where userId = ? and templateId = ?`;
const TOLD_BY_WECHAT = `update maque_message_consents
  set remaining = case when reported > 0 then remaining else ${ONE_MORE} end, reported = reported - 1
  where userId = ? and templateId = ?`;
const SPEND = `update maque_message_consents set remaining = remaining - 1
  where userId = ? and templateId = ? and remaining > 0`;
const RETURN = `update maque_message_consents set remaining = ${ONE_MORE} where userId = ? and templateId = ?`;
const NONE_LEFT =
  'update maque_message_consents set remaining = 0, reported = 0 where userId = ? and templateId = ?';

/** How many more messages the user has agreed to; undefined when nothing is known. */
export async function remainingConsent(
  connection: DatabaseConnection,
  { userId, templateId }: Subscription,
): Promise<number | undefined> {
  const rows = await connection.all<{ remaining: number }>({ sql: FIND, parameters: [userId, templateId] });
  return rows[0]?.remaining;
}

/**
 * The user has accepted once more. The client tells it and so does WeChat, in any order: that is one acceptance. A word
 * that never comes from the one side is made up for by the other.
 */
export function addConsent(
  connection: DatabaseConnection,
  subscription: Subscription,
  from: 'client' | 'wechat',
): Promise<void> {
  return from === 'client'
    ? upsert(connection, subscription, TOLD_BY_CLIENT, { remaining: 1, reported: 1 })
    : upsert(connection, subscription, TOLD_BY_WECHAT, { remaining: 1, reported: -1 });
}

/** Uses one up; answers whether there was one. */
export async function spendConsent(
  connection: DatabaseConnection,
  { userId, templateId }: Subscription,
): Promise<boolean> {
  return (await connection.run({ sql: SPEND, parameters: [userId, templateId] })).changes > 0;
}

/** Gives back one that was used for a message which will never be sent. */
export async function returnConsent(
  connection: DatabaseConnection,
  { userId, templateId }: Subscription,
): Promise<void> {
  await connection.run({ sql: RETURN, parameters: [userId, templateId] });
}

/** The user has switched the template off, or WeChat says that there is no right left. */
export function endConsent(connection: DatabaseConnection, subscription: Subscription): Promise<void> {
  return upsert(connection, subscription, NONE_LEFT, { remaining: 0, reported: 0 });
}

/** The user has declined this time: what they agreed to before stays. */
export async function noteRefusal(connection: DatabaseConnection, subscription: Subscription): Promise<void> {
  if ((await remainingConsent(connection, subscription)) === undefined) {
    await endConsent(connection, subscription);
  }
}

async function upsert(
  connection: DatabaseConnection,
  { userId, templateId }: Subscription,
  update: string,
  first: { readonly remaining: number; readonly reported: number },
): Promise<void> {
  const change = { sql: update, parameters: [userId, templateId] };
  if ((await connection.run(change)).changes > 0) return;
  if ((await templatesOf(connection, userId)) >= MOST_TEMPLATES) return;
  const { remaining, reported } = first;
  const parameters = [userId, templateId, remaining, reported];
  if (!(await insertUnlessTaken(connection, { sql: INSERT, parameters }))) await connection.run(change);
}

async function templatesOf(connection: DatabaseConnection, userId: string): Promise<number> {
  const [count] = await connection.all<{ templates: number }>({ sql: COUNT, parameters: [userId] });
  return count?.templates ?? 0;
}
