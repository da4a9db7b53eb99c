import { randomUUID } from 'node:crypto';
import { CONFIG } from '@gatehouse/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SandboxConfig } from '../config.js';

const MAILS_KEPT = 5000;
const LARGEST_BYTES = 10 * 1024 * 1024;

export interface Mail {
  id: string;
  at: string;
  from: string;
  /** As told to the server, so that blind copies are there, too. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** Takes every mail for anybody, from anybody, and delivers none. */
@Injectable()
export class MailCatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private mails: Mail[] = [];
  private server: SMTPServer | undefined;

  constructor(@Inject(CONFIG) private readonly config: SandboxConfig) {}

  get port(): number {
    const address = this.server?.server.address();
    return typeof address === 'object' && address ? address.port : this.config.SMTP_PORT;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { HOST, SMTP_PORT } = this.config;
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      size: LARGEST_BYTES,
      logger: false,
      disableReverseLookup: true,
      onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
      onData: (stream, session, done) => {
        this.take(stream, session.envelope).then(
          (id) => done(null, `caught as ${id}`),
          (error: unknown) => done(error instanceof Error ? error : new Error('unreadable')),
        );
      },
    });
    server.on('error', () => undefined); // a client that hangs up in the middle is its own affair
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`the SMTP port ${SMTP_PORT} on ${HOST} is taken. Stop what uses it, or set SMTP_PORT.`)
            : error,
        ),
      );
      server.listen(SMTP_PORT, HOST, () => resolve());
    });
    this.server = server;
  }

  async onModuleDestroy(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.server) this.server.close(resolve);
      else resolve();
    });
  }

  /** Oldest first. */
  list(to?: string): Mail[] {
    const wanted = to?.toLowerCase();
    return wanted === undefined ? this.mails : this.mails.filter((mail) => mail.to.some((address) => address.toLowerCase() === wanted));
  }

  forget(to?: string): number {
    const gone = new Set(this.list(to));
    this.mails = this.mails.filter((mail) => !gone.has(mail));
    return gone.size;
  }

  restore(mails: Mail[]): void {
    this.mails = mails;
  }

  private async take(
    stream: AsyncIterable<Buffer>,
    envelope: { mailFrom: false | { address: string }; rcptTo: { address: string }[] },
  ): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const parsed = await PostalMime.parse(Buffer.concat(chunks));
    const mail: Mail = {
      id: randomUUID(),
      at: new Date().toISOString(),
      from: envelope.mailFrom ? envelope.mailFrom.address : '',
      to: envelope.rcptTo.map(({ address }) => address),
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html ?? '',
      headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])),
    };
    this.mails.push(mail);
    if (this.mails.length > MAILS_KEPT) this.mails.shift();
    return mail.id;
  }
}
