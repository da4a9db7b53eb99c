import type { shell as en } from '../en/shell.js';

export const shell: Record<keyof typeof en, string> = {
  'shell.name': 'Gatehouse',
  'shell.skip': 'Zum Inhalt',
  'shell.nav': 'Hauptmenü',
  'shell.nav.open': 'Menü öffnen',
  'shell.nav.close': 'Menü schließen',
  'shell.nav.runs': 'Läufe',
  'shell.nav.approvals': 'Freigaben',
  'shell.nav.notifications': 'Benachrichtigungen',
  'shell.nav.privacy': 'Datenschutz',
  'shell.nav.integrations': 'Integrationen',
  'shell.nav.admin': 'Betreiber',
  'shell.account': 'Dein Konto',
  'shell.sign-out': 'Abmelden',
  'shell.theme': 'Farben',
  'shell.theme.system': 'Wie auf diesem Gerät',
  'shell.theme.light': 'Hell',
  'shell.theme.dark': 'Dunkel',
  'shell.language': 'Sprache',
  'shell.offline': 'Du bist offline. Was du siehst, kann veraltet sein; es wird neu gelesen, sobald das Netz wieder da ist.',
};
