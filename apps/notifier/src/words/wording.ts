import { appName, type MessageLanguage, type NotificationKind } from '@gatehouse/contracts';
import { de } from './de.js';
import { en } from './en.js';
import type { Words } from './words.js';

/** What a message is about, kept in place of its words: those are chosen when it is read or sent. */
export interface Facts {
  /** Composio's status of a broken connection, and when that was found out. */
  status?: string;
  at?: string;
  blockers?: { app: string; state: string }[];
  /** The tool's template of what is to be approved, never content. */
  summary?: string;
}
export interface About {
  kind: NotificationKind;
  app: string | null;
  facts: Facts;
}

/** The language of a BCP 47 tag, of those we speak. */
export const languageOf = (tag: string | null | undefined): MessageLanguage => (/^de\b/i.test(tag ?? '') ? 'de' : 'en');

export const wordsIn = (language: MessageLanguage): Words => ({ en, de })[language];

export function say({ kind, app, facts }: About, language: MessageLanguage): { title: string; text: string } {
  const words = wordsIn(language);
  if (kind === 'connection.expired') {
    const name = appName(app ?? '');
    return { title: words.broken(name), text: words.brokenText(name, facts.status ?? '', dayIn(words, facts.at)) };
  }
  if (kind === 'run.approval') return { title: words.approval, text: words.approvalText(facts.summary ?? '') };
  const blockers = facts.blockers ?? [];
  const apps = [...new Set(blockers.map((one) => appName(one.app)))];
  return {
    title: words.blocked(new Intl.ListFormat(words.locale).format(apps)),
    text: blockers.map((one) => words.blockedText(appName(one.app), one.state)).join(' '),
  };
}

/** "18 Nov": in UTC, as all that is told by the same fact. */
function dayIn({ locale }: Words, at: string | undefined): string {
  if (!at) return '';
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(at));
}
