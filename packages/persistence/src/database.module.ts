import { type BaseConfig, Health } from '@gatehouse/runtime';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import { type DynamicModule, Inject, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { sql } from 'kysely';
import { roleFault } from './catalogue.js';
import { type Database, ormOptions } from './database.js';
import { MIGRATIONS_TABLE } from './migrate.js';
import { asSystem } from './session.js';
import { UserSession } from './user-session.js';

const DATABASE = Symbol('gatehouse:database');

/** Stops the boot under a wrong role; not ready while the database does not answer or its newest migration is not there. */
@Injectable()
class DatabaseChecks implements OnModuleInit {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly orm: MikroORM,
    private readonly health: Health,
  ) {}

  async onModuleInit(): Promise<void> {
    const fault = await roleFault(this.orm, this.database.role);
    if (fault) throw new Error(`the role in DATABASE_URL ${fault}`);
    this.health.addReadiness('database', () => this.ready());
  }

  private async ready(): Promise<void> {
    const newest = this.database.migrations.at(-1)?.name;
    if (!newest) return;
    const { em } = this.orm;
    const { rows } = await asSystem(em, () =>
      em.transactional((tx) => sql`select from ${sql.table(MIGRATIONS_TABLE)} where name = ${newest}`.execute(tx.getKysely()), {
        readOnly: true,
      }),
    );
    if (!rows.length) throw new Error(`waits for migration ${newest}`);
  }
}

/** An app's database: the EntityManager to inject (from `@mikro-orm/postgresql`), boot checks, readiness, and a session around each user's request. */
@Module({})
export class DatabaseModule {
  static for(database: Database, config: BaseConfig & { DATABASE_URL: string; DATABASE_POOL: number }): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        MikroOrmModule.forRoot({
          ...ormOptions(database, config.DATABASE_URL, config.DATABASE_POOL),
          registerRequestContext: false, // with one, forgetting a session would be quieter
        }),
      ],
      providers: [{ provide: DATABASE, useValue: database }, DatabaseChecks, { provide: APP_INTERCEPTOR, useClass: UserSession }],
    };
  }
}
