import { connect } from 'node:net';
import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Speaks SMTP by hand, one line at a time. */
async function send(to: string[], message: string): Promise<void> {
  const socket = connect(sandbox.smtpPort, '127.0.0.1');
  const answers = socket.setEncoding('utf8').iterator();
  const lines = [
    'EHLO test',
    'MAIL FROM:<app@example.com>',
    ...to.map((address) => `RCPT TO:<${address}>`),
    'DATA',
    `${message}\r\n.`,
    'QUIT',
  ];
  await answers.next();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    expect(String((await answers.next()).value)).toMatch(/^[23]/);
  }
  socket.end();
}

describe('when a mail is sent', () => {
  it('it is there, read apart, for each of its recipients, until it is deleted', async () => {
    const message = [
      'From: Gatehouse <app@example.com>',
      'To: Ana <ana@example.com>',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Please reconnect.',
    ].join('\r\n');
    await send(['Ana@example.com', 'blind@example.com'], message);
    const { body } = await sandbox.ask('GET', '/_emulator/mails?to=ana@example.com');
    expect(body).toMatchObject({
      count: 1,
      items: [{ from: 'app@example.com', subject: 'Grüße', text: expect.stringContaining('Please reconnect.') }],
    });
    expect((await sandbox.ask('GET', '/_emulator/mails?to=blind@example.com')).body.count).toBe(1);
    expect((await sandbox.ask('GET', '/_emulator/mails?to=ben@example.com')).body.count).toBe(0);
    await sandbox.ask('DELETE', '/_emulator/mails?to=ana@example.com');
    expect((await sandbox.ask('GET', '/_emulator/mails')).body.count).toBe(0);
  });
});
