import { generateKeyPairSync } from 'node:crypto';
import { Access, createApp, INTERNAL_HEADER, InternalTokens, type Principal, parseEnv, RuntimeModule, SignedIn } from '@gatehouse/runtime';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, EntityManager, p } from '@mikro-orm/postgresql';
import { Body, ConflictException, Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { sql } from 'kysely';
import { databaseEnv } from '../src/env.js';
import {
  applyMigrations,
  asSystem,
  type Database,
  DatabaseModule,
  defineDatabase,
  grantOwnRows,
  ownRows,
  ownRowsSql,
  Transactional,
} from '../src/index.js';

const schema = defineEntity({
  name: 'Note',
  ...ownRows('probe'),
  properties: { id: p.uuid().primary(), userId: p.string().index(), text: p.string() },
});
export class Note extends schema.class {}
schema.setClass(Note);

export class Migration20261121000000_init extends Migration {
  override up(): void {
    this.addSql('create table note (id uuid not null, user_id varchar(255) not null, text varchar(255) not null, primary key (id));');
    this.addSql('create index note_user_id_index on note (user_id);');
    for (const line of ownRowsSql('probe', 'note')) this.addSql(line);
    this.addSql(grantOwnRows('probe', 'note'));
  }
}

export const database: Database = defineDatabase({ app: 'probe' as never, entities: [Note], migrations: [Migration20261121000000_init] });

@Injectable()
class KeepNotes {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async execute(notes: { id: string; userId: string; text: string }[]): Promise<void> {
    for (const note of notes) this.em.create(Note, note);
    await this.em.flush();
  }
}

@Controller('notes')
@Access('user')
class NotesController {
  constructor(
    private readonly em: EntityManager,
    private readonly keepNotes: KeepNotes,
  ) {}

  /** Without a user condition, on purpose: policies alone decide. */
  @Get()
  async all() {
    return (await this.em.find(Note, {})).map(({ id, userId }) => ({ id, userId }));
  }

  @Post()
  async add(@SignedIn() user: Principal, @Body() { id }: { id: string }) {
    await this.keepNotes.execute([{ id, userId: user.id, text: 'kept' }]);
    return { open: this.em.isInTransaction() };
  }

  /** reserve, call outside, remember. */
  @Post('three-steps')
  async threeSteps(@SignedIn() user: Principal, @Body() { id }: { id: string }) {
    await this.keepNotes.execute([{ id, userId: user.id, text: 'reserved' }]);
    await new Promise(setImmediate);
    await this.em.nativeUpdate(Note, { id }, { text: 'done' });
    return { open: this.em.isInTransaction() };
  }

  @Post('then-fail')
  @Transactional()
  async thenFail(@SignedIn() user: Principal, @Body() { id }: { id: string }) {
    await this.keepNotes.execute([{ id, userId: user.id, text: 'must not stay' }]);
    throw new ConflictException();
  }

  @Get('foreign-session')
  @Transactional()
  async otherInside() {
    return asSystem(this.em, () => this.em.count(Note));
  }

  @Get('raw-outside')
  async rawOutside() {
    return (await sql`select id from note`.execute(this.em.getKysely())).rows;
  }

  /** A route for products has no session of its own. */
  @Get('for-products')
  @Access('product')
  async forProducts() {
    return this.em.find(Note, {});
  }
}

const open: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(open.map((app) => app.close())));

/** A small app with one table of users' rows, on the database in the environment; closed after the file. */
export async function startProbe(o: { pool?: number; url?: string; migrated?: Database | false } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const gateway = generateKeyPairSync('ed25519');
  const jwk = (key: typeof publicKey, kid: string) => ({ ...key.export({ format: 'jwk' }), kid });
  const keys = JSON.stringify({ keys: [jwk(publicKey, 'connections'), jwk(gateway.publicKey, 'gateway')] });
  const own = JSON.stringify(privateKey.export({ format: 'jwk' }));
  const env = { ...process.env, PORT: '0', INTERNAL_KEY: own, INTERNAL_PUBLIC_KEYS: keys, DATABASE_POOL: String(o.pool ?? 5) };
  const config = parseEnv('connections', databaseEnv, { ...env, DATABASE_URL: o.url ?? process.env.DATABASE_URL });
  if (o.migrated !== false) await applyMigrations(o.migrated ?? database, config.MIGRATION_DATABASE_URL ?? '');

  @Module({
    imports: [RuntimeModule.for(config), DatabaseModule.for(database, config)],
    controllers: [NotesController],
    providers: [KeepNotes],
  })
  class ProbeModule {}

  const app = await createApp(ProbeModule, config);
  open.push(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const tokens = new InternalTokens({
    app: 'gateway',
    INTERNAL_KEY: gateway.privateKey.export({ format: 'jwk' }) as never,
    INTERNAL_PUBLIC_KEYS: JSON.parse(keys),
  });
  const as = async (kind: 'user' | 'product', id: string, method: string, path: string, body?: object) => {
    const answer = await fetch(url + path, {
      method,
      headers: { [INTERNAL_HEADER]: await tokens.sign('connections', { kind, id }), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  return { url, em: app.get(EntityManager), as };
}
