import { asSystem } from '@gatehouse/persistence';
import { log, Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Auth } from './auth.js';
import { config } from './config.js';
import { DeleteUser } from './delete-user.js';
import { FindUser } from './find-user.js';

export interface Farewell {
  userId: string;
  password: string;
  /** The browser's address: tries are counted by it, too. */
  clientIp: string | undefined;
}

@Injectable()
export class DeleteMe {
  private readonly log = log('delete-me');

  constructor(
    private readonly em: EntityManager,
    private readonly auth: Auth,
    private readonly findUser: FindUser,
    private readonly deleteUser: DeleteUser,
  ) {}

  /** A session alone is not enough, it may be a stolen one. Problem 403 `wrong_password`; 409 for a user who has no password with us. */
  async execute({ userId, password, clientIp }: Farewell): Promise<void> {
    const user = await asSystem(this.em, () => this.findUser.execute({ userId }));
    if (!user?.hasPassword)
      throw new Problem(409, 'not_ours_to_delete', 'Your account belongs to the product that you use this with. It is deleted there.');
    await this.prove(user.email, password, clientIp);
    await asSystem(this.em, () => this.deleteUser.execute({ userId }));
    this.log.info({ userId }, 'deleted themselves');
  }

  /** Signs in, so that guesses count as tries of signing in. The session that comes of it goes with the user. */
  private async prove(email: string, password: string, clientIp: string | undefined): Promise<void> {
    const { PUBLIC_URL } = config;
    const headers = {
      origin: new URL(PUBLIC_URL).origin,
      'content-type': 'application/json',
      ...(clientIp && { 'x-client-ip': clientIp }),
    };
    const asked = new Request(`${PUBLIC_URL}/auth/sign-in/email`, { method: 'POST', headers, body: JSON.stringify({ email, password }) });
    const status = await this.auth.handle(asked).then(
      (answer) => answer.status,
      // An unexpected error may quote a row with an address in it: only its number is kept.
      (error: { name?: string; statusCode?: number }) => (error.name === 'APIError' && error.statusCode) || 500,
    );
    if (status === 429) throw new Problem(429, 'too_many_requests', 'Too many attempts. Try again later.', { retryAfterSeconds: 60 });
    if (status >= 500) throw new Problem(500, 'internal');
    if (status >= 400) throw new Problem(403, 'wrong_password', 'This is not your password.');
  }
}
