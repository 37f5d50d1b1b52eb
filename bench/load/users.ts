import type { Target } from './connection.ts';

/** A logged-in user of the shop. */
export interface User {
  readonly id: string | number;
  readonly token: string;
}

/** Logs users in one after the other with the simulator's codes, as their mini-programs would. */
export async function logIn(target: Target, count: number): Promise<readonly User[]> {
  const users: User[] = [];
  for (let number = 1; number <= count; number += 1) users.push(await logInOne(target, `demo-${number}`));
  return users;
}

async function logInOne(target: Target, code: string): Promise<User> {
  const response = await fetch(`http://${target.host}:${target.port}/api/login/wechat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (response.status !== 200 && response.status !== 201) {
    throw new Error(`login as ${code} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  }
  const answer = (await response.json()) as { token: string; user: { id: string | number } };
  return { id: answer.user.id, token: answer.token };
}
