import type { MessageLanguage } from '@gatehouse/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { languageOf } from '../words/wording.js';
import { Contact } from './contact.entity.js';
import { Preference } from './preference.entity.js';

/** The language in which a user reads: that of the page if it says one, else their own choice, else their account's. */
export async function languageFor(em: EntityManager, userId: string, page?: string): Promise<MessageLanguage> {
  if (page) return languageOf(page);
  const chosen = await em.findOne(Preference, { userId });
  return languageOf(chosen?.language ?? (await em.findOne(Contact, { userId }))?.locale);
}
