import { Migration } from '@mikro-orm/migrations';

/** So that the purge reads what it deletes, and not all there is. */
export class Migration20261122000100_retention extends Migration {
  override up(): void {
    this.addSql('create index "user_unproven_idx" on "user" ("createdAt") where not "emailVerified"');
    this.addSql('create index "session_expiresAt_idx" on "session" ("expiresAt")');
    this.addSql('create index "verification_expiresAt_idx" on "verification" ("expiresAt")');
    this.addSql('create index "sign_in_try_until" on "sign_in_try" ("until")');
    this.addSql('create index "rateLimit_lastRequest_idx" on "rateLimit" ("lastRequest")');
  }
}
