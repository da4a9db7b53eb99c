import { log } from '@gatehouse/runtime';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { config } from './config.js';

const STOP_MS = 5_000;
const letters = {
  verify: {
    subject: 'Confirm your e-mail address',
    text: 'Please confirm that this is your e-mail address:',
    page: '/auth/verify',
    life: 'The link works for one hour. If you did not sign up, ignore this mail: without the link nothing happens.',
  },
  reset: {
    subject: 'Choose a new password',
    text: 'Somebody asked for a new password for this address. Choose it here:',
    page: '/auth/reset',
    life: 'The link works once, within one hour. If it was not you, ignore this mail: your password stays as it is.',
  },
};
export type Letter = keyof typeof letters;

/**
 * The two mails of sign-in. `post` returns at once, because it is called inside the sign-up transaction; a mail lost in a crash is asked
 * for again (signing in unproven sends another). The links go to a page with a button: mail scanners follow links, and a GET changes nothing.
 */
@Injectable()
export class Mail implements OnApplicationShutdown {
  private readonly transport = createTransport(config.SMTP_URL, { from: config.MAIL_FROM });
  private readonly going = new Set<Promise<void>>();
  private readonly log = log('mail');

  post(letter: Letter, to: string, token: string): void {
    const { subject, text, page, life } = letters[letter];
    const link = new URL(page, config.PUBLIC_URL);
    link.searchParams.set('token', token);
    const sent = this.transport.sendMail({ to, subject, text: `${text}\n\n${link}\n\n${life}\n` }).then(
      () => this.log.info({ letter }, 'mail sent'),
      // Never the error itself: SMTP errors repeat the address.
      (error: { code?: string }) => this.log.error({ letter, code: error.code }, 'mail not sent'),
    );
    this.going.add(sent);
    void sent.finally(() => this.going.delete(sent));
  }

  async onApplicationShutdown(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([Promise.allSettled(this.going), late]);
    this.transport.close();
  }
}
