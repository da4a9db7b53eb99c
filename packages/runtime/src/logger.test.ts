import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Logs go to file descriptor 1, so they are looked at from outside. */
function logged(script: string): { lines: Record<string, unknown>[]; text: string } {
  const logger = fileURLToPath(new URL('../dist/logger.js', import.meta.url));
  const trace = fileURLToPath(new URL('../dist/trace.js', import.meta.url));
  const source = `import { configureLogs, log } from '${logger}'; import { withTrace } from '${trace}';
    configureLogs({ app: 'notifier', LOG_LEVEL: 'info' }); const it = log('it'); ${script}`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  return {
    text,
    lines: text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe('a line in the log', () => {
  it('is JSON with app, part, trace and the fields that are allowed', () => {
    const { lines } = logged(
      `withTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', () => it.info({ userId: 'ana', tookMs: 3 }, 'done'));`,
    );
    expect(lines).toMatchObject([
      { level: 'info', app: 'notifier', name: 'it', traceId: '0af7651916cd43dd8448eb211c80319c', userId: 'ana', tookMs: 3, msg: 'done' },
    ]);
  });

  it('holds no secret, whatever is handed to it', () => {
    const { text, lines } = logged(`
      const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.canarysignature';
      it.info({ body: 'canary1', args: { text: 'canary2' }, email: 'canary3@example.com', status: { deep: 'canary4' } }, 'sent to canary5@example.com');
      it.warn({ reason: 'Bearer canary6', err: new Error('GET https://x.example/cb?code=canary7 failed for ' + token) }, 'smtp://me:canary8@host');
      const sql = new Error("insert into note values ('canary9') - duplicate key"); sql.code = '23505'; sql.constraint = 'note_pkey';
      it.error({ err: new Error('outer', { cause: sql }) });
      it.error({ err: sql });`);
    expect(text).not.toContain('canary');
    expect(lines[3]).toMatchObject({ err: { code: '23505', constraint: 'note_pkey', message: 'refused by the database' } });
  });
});
