import type { AppInfo } from '@gatehouse/composio';
import { type AppInfoView, type AppsQuery, appsQuery, type Page } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { type OpenSwitch, openSwitches, stops } from '@gatehouse/switches';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Query } from '@nestjs/common';
import { AppList } from './app-list.js';

@Controller('v1/apps')
@Access('user')
export class AppsController {
  constructor(
    private readonly em: EntityManager,
    private readonly apps: AppList,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: appsQuery }) query: AppsQuery): Promise<Page<AppInfoView>> {
    const { limit, cursor, search = '', apps: named } = query;
    const list = `apps ${search} ${named ?? ''}`;
    const [after = ''] = this.cursors.read(cursor, user.id, list) ?? [];
    const wanted = search.trim().toLowerCase();
    const only = named === undefined ? undefined : new Set(named.split(','));
    const apps = (await this.apps.all()).filter(
      ({ app, name }) => app > after && (only?.has(app) ?? true) && (app.includes(wanted) || name.toLowerCase().includes(wanted)),
    );
    const listed = apps.slice(0, limit + 1);
    const switches = await openSwitches(this.em, { userId: user.id, apps: listed.map(({ app }) => app) });
    const present = (info: AppInfo) => presentApp(info, switches);
    return this.cursors.page(listed, { limit, user: user.id, list, key: ({ app }) => [app], present });
  }
}

function presentApp({ app, name, logo, categories, connectable, whyNot }: AppInfo, switches: readonly OpenSwitch[]): AppInfoView {
  return { app, name, logo: logo?.href ?? null, categories, connectable, whyNot, paused: stops(switches, app) };
}
