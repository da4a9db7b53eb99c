import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { SendWorker } from '../src/send.worker.js';

export interface Mail {
  subject: string;
  text: string;
  headers: Record<string, string>;
}
export interface Owed {
  channel: string;
  step: number;
  state: string;
  /** From now, in minutes. */
  minutes: number;
}

export const mailsTo = async (email: string): Promise<Mail[]> =>
  (await sandboxControl.get<{ items: Mail[] }>(`mails?to=${encodeURIComponent(email)}`)).items;

/** What is owed to a user outside of the inbox, and its clock. */
export function lettersOf(notifier: TestApp) {
  const run = <T>(query: ReturnType<typeof sql<T>>) =>
    asSystem(notifier.em, () => notifier.em.transactional(async (tx) => (await query.execute(tx.getKysely())).rows));
  return {
    send: () => notifier.app.get(SendWorker).tick(),
    owed: (userId: string) =>
      run<Owed>(sql<Owed>`select channel, step, state, round(extract(epoch from due_at - now()) / 60)::int as minutes
        from delivery where user_id = ${userId} order by channel, step`),
    /** Lets that much time pass, for what is owed to this user. */
    pass: (userId: string, minutes: number) =>
      run(sql`update delivery set due_at = due_at - make_interval(mins => ${minutes}) where user_id = ${userId}`),
  };
}
