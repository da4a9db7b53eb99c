import type { inbox as en } from '../en/inbox.js';

export const inbox: Record<keyof typeof en, string> = {
  'inbox.title': 'Posteingang',
  'inbox.lead': 'Was dein Agent ohne dich nicht tun konnte. Eine Nachricht schließt sich von selbst, sobald das erledigt ist.',
  'inbox.unread': '{count, plural, =0 {Keine neuen Nachrichten} one {# neue Nachricht} other {# neue Nachrichten}}',
  'inbox.read-all': 'Alle als gelesen markieren',
  'inbox.none': 'Keine Nachrichten. Alles läuft.',
  'inbox.settings': 'Wie du benachrichtigt wirst',
  'inbox.state.new': 'Neu',
  'inbox.state.read': 'Gelesen',
  'inbox.state.resolved': 'Erledigt',
  'inbox.go.reconnect': 'Neu verbinden',
  'inbox.go.run': 'Zum Lauf',
  'inbox.go.decide': 'Entscheiden',
  'inbox.go.look': 'Ansehen',
};
