import { appName } from '@gatehouse/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { config } from '../config.js';
import type { Letter } from '../deliveries/send-deliveries.js';

@Injectable()
export class Email implements OnApplicationShutdown {
  private readonly transport = createTransport(config.SMTP_URL, {
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
  } as object);

  /** One e-mail for all of a user's messages. Its Message-ID is the first one's, so that a mail sent again is seen to be the same. */
  async send(letters: readonly Letter[]): Promise<void> {
    const [first] = letters;
    if (!first?.email) return;
    await this.transport.sendMail({
      from: config.MAIL_FROM,
      to: first.email,
      messageId: `<${first.notificationId}.${first.step}@gatehouse>`,
      ...compose(letters),
    });
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** Only our own words, no content of the user's, and one link: to a page of ours, never a connect link. */
export function compose(letters: readonly Pick<Letter, 'title' | 'text' | 'link' | 'app' | 'step' | 'notificationId'>[]): {
  subject: string;
  text: string;
} {
  const once = [...new Map(letters.map((letter) => [letter.notificationId, letter])).values()];
  const [first] = once;
  if (!first) throw new Error('an e-mail about nothing');
  const apps = [...new Set(once.flatMap(({ app }) => (app ? [appName(app)] : [])))];
  const reminder = letters.every(({ step }) => step > 0) ? 'Reminder: ' : '';
  const subject =
    once.length === 1
      ? reminder + first.title
      : apps.length > 1
        ? `${apps.length} of your apps need attention: ${apps.join(', ')}`
        : `${once.length} messages from your agent`;
  const link = once.length === 1 ? first.link : `${config.PUBLIC_URL}/inbox`;
  return { subject, text: `${once.map(({ text }) => text).join('\n\n')}\n\n${link}\n\nWe never send sign-in links by e-mail.\n` };
}
