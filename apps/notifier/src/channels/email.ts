import { appName, type MessageLanguage } from '@gatehouse/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { config } from '../config.js';
import { UnsubscribeTokens } from '../contacts/unsubscribe-tokens.js';
import type { Letter } from '../deliveries/send-deliveries.js';
import { say, wordsIn } from '../words/wording.js';

@Injectable()
export class Email implements OnApplicationShutdown {
  private readonly transport = createTransport(config.SMTP_URL, {
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
  } as object);

  constructor(private readonly tokens: UnsubscribeTokens) {}

  /**
   * One e-mail for all of a user's messages. Its Message-ID is the first one's, so that a mail sent again is seen to be the same. One click in
   * the reader's mail program ends e-mails of the kinds in it (RFC 8058).
   */
  async send(letters: readonly Letter[]): Promise<void> {
    const [first] = letters;
    if (!first?.email) return;
    const token = this.tokens.make({ userId: first.userId, kinds: letters.map(({ kind }) => kind) });
    await this.transport.sendMail({
      from: config.MAIL_FROM,
      to: first.email,
      messageId: `<${first.notificationId}.${first.step}@gatehouse>`,
      headers: {
        'List-Unsubscribe': `<${config.PUBLIC_URL}/unsubscribe?token=${token}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      },
      ...compose(letters, first.language),
    });
  }

  async sendTest(to: string, language: MessageLanguage): Promise<void> {
    const { test, testText, foot } = wordsIn(language);
    await this.transport.sendMail({ from: config.MAIL_FROM, to, subject: test, text: `${testText}\n\n${foot}\n` });
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** Only our own words, no content of the user's, and links to pages of ours only, never a connect link. */
export function compose(letters: readonly Letter[], language: MessageLanguage): { subject: string; text: string } {
  const once = [...new Map(letters.map((letter) => [letter.notificationId, letter])).values()];
  const [first] = once;
  if (!first) throw new Error('an e-mail about nothing');
  const words = wordsIn(language);
  const apps = [...new Set(once.flatMap(({ app }) => (app ? [appName(app)] : [])))];
  const { title } = say(first, language);
  const subject =
    once.length === 1
      ? letters.every(({ step }) => step > 0)
        ? words.reminder(title)
        : title
      : apps.length > 1
        ? words.severalApps(apps.length, apps.join(', '))
        : words.several(once.length);
  const link = once.length === 1 ? first.link : `${config.PUBLIC_URL}/inbox`;
  const texts = once.map((letter) => say(letter, language).text);
  return { subject, text: `${texts.join('\n\n')}\n\n${link}\n\n${words.foot}\n` };
}
