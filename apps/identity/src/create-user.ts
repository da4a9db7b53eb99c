import { randomUUID } from 'node:crypto';
import type { CreateUserRequest } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** A product's own user: the product vouches for the address, so the user exists at once (the trigger tells `user.created`). */
@Injectable()
export class CreateUser {
  constructor(private readonly em: EntityManager) {}

  /** The same id and address again is the same user, and nothing is told. */
  @Transactional()
  async execute({ userId, email, name = '' }: CreateUserRequest): Promise<{ userId: string; created: boolean }> {
    const db = this.em.getKysely();
    const id = userId ?? randomUUID();
    const address = email.toLowerCase();
    const used = await sql`select from user_tombstone where id = ${id}`.execute(db);
    if (used.rows.length)
      throw new Problem(409, 'user_id_used', 'This user id belonged to a user who was deleted. Ids are not used again.');
    // Somebody may have signed up with this address and never proved it: that one gives way, with their password.
    await sql`delete from "user" where email = ${address} and not "emailVerified"`.execute(db);
    const inserted = await sql`insert into "user" (id, email, name, "emailVerified") values (${id}, ${address}, ${name}, true)
      on conflict do nothing returning id`.execute(db);
    if (inserted.rows.length) return { userId: id, created: true };
    const { rows } = await sql<{ id: string; email: string }>`select id, email from "user" where id = ${id} or email = ${address}`.execute(
      db,
    );
    return { userId: theSame(rows, userId, address), created: false };
  }
}

function theSame(rows: { id: string; email: string }[], userId: string | undefined, address: string): string {
  if (userId !== undefined && rows.some(({ id, email }) => id === userId && email !== address))
    throw new Problem(409, 'user_id_taken', 'This user id is another user’s: the address differs.');
  const holder = rows.find(({ email }) => email === address);
  if (!holder || (userId !== undefined && holder.id !== userId)) throw new Problem(409, 'address_taken', 'This address is another user’s.');
  return holder.id;
}
