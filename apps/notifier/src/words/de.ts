import type { Words } from './words.js';

const HAPPENED: Readonly<Record<string, (app: string, day: string) => string>> = {
  EXPIRED: (app, day) => `${app} nimmt unseren Zugang seit dem ${day} nicht mehr an, deshalb kann dein Agent es nicht benutzen.`,
  REVOKED: (app, day) => `Unser Zugang wurde in ${app} am ${day} entfernt, deshalb kann dein Agent es nicht benutzen.`,
  INACTIVE: (app) => `Deine Verbindung zu ${app} wurde abgeschaltet, deshalb kann dein Agent es nicht benutzen.`,
  FAILED: (app, day) => `${app} hat unseren Zugang am ${day} abgelehnt, deshalb kann dein Agent es nicht benutzen.`,
};

export const de: Words = {
  locale: 'de-DE',
  broken: (app) => `Verbinde ${app} neu, damit dein Agent weiterarbeiten kann`,
  brokenText: (app, status, day) =>
    HAPPENED[status]?.(app, day) ?? `${app} nimmt unseren Zugang nicht mehr an, deshalb kann dein Agent es nicht benutzen.`,
  blocked: (apps) => `Dein Agent wartet auf ${apps}`,
  blockedText: (app, state) => {
    if (state === 'paused') return `${app} ist vorerst angehalten.`;
    if (state === 'ambiguous')
      return `Du hast mehrere Konten bei ${app}. Wähle bitte unter Einstellungen > Integrationen, welches gelten soll.`;
    if (state === 'broken' || state === 'unknown')
      return `Deine Verbindung zu ${app} ist abgelaufen. Verbinde sie bitte unter Einstellungen > Integrationen neu.`;
    return `Verbinde bitte zuerst dein Konto bei ${app} unter Einstellungen > Integrationen.`;
  },
  approval: 'Dein Agent bittet um deine Zustimmung',
  approvalText: (summary) => `Dein Agent wartet auf deine Entscheidung: ${summary}.`,
  reminder: (subject) => `Erinnerung: ${subject}`,
  severalApps: (count, apps) => `${count} deiner Apps brauchen dich: ${apps}`,
  several: (count) => `${count} Nachrichten von deinem Agenten`,
  foot: 'Wir schicken nie Anmelde-Links per E-Mail. Was wir dir melden, bestimmst du: Einstellungen > Benachrichtigungen.',
  test: 'Eine Testnachricht',
  testText: 'Du hast sie unter Einstellungen > Benachrichtigungen angefordert. Sie ist angekommen, also kommen auch die anderen an.',
  leave: {
    title: 'Keine solchen E-Mails mehr?',
    text: 'Du bekommst dann keine E-Mails dieser Art mehr. In deinem Posteingang hier steht trotzdem alles.',
    button: 'Diese E-Mails abbestellen',
    done: 'Erledigt',
    doneText: 'Diese E-Mails sind abbestellt. Unter Einstellungen > Benachrichtigungen kannst du sie wieder einschalten.',
    unreadable: 'Dieser Link gilt nicht',
    unreadableText: 'Er ist nicht vollständig. Du kannst E-Mails unter Einstellungen > Benachrichtigungen abbestellen.',
    settings: 'Zu den Einstellungen',
  },
};
