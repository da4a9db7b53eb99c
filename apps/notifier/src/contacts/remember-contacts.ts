import type { EventOf, UserCreated } from '@gatehouse/contracts';
import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

type NewUser = EventOf<typeof UserCreated>['data'];

@Injectable()
export class RememberContacts {
  constructor(private readonly em: EntityManager) {}

  /** The last word of a batch wins; a deleted user stays forgotten. */
  @Transactional()
  async execute(users: NewUser[]): Promise<void> {
    await lockUsers(
      this.em,
      users.map(({ userId }) => userId),
      'living',
    );
    const last = [...new Map(users.map((user) => [user.userId, user])).values()];
    await sql`
      insert into contact (user_id, email, name, locale)
      select user_id, email, nullif(name, ''), nullif(locale, '')
      from unnest(${texts(last.map((u) => u.userId))}::text[], ${texts(last.map((u) => u.email))}::text[], ${texts(last.map((u) => u.name ?? ''))}::text[],
        ${texts(last.map((u) => u.locale ?? ''))}::text[]) as t (user_id, email, name, locale)
      where not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict (user_id) do update set email = excluded.email, name = excluded.name, locale = excluded.locale`.execute(
      this.em.getKysely(),
    );
  }
}
