import { Problem } from '@gatehouse/runtime';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { ControlGuard } from '../control.guard.js';
import { type Account, canaryOf, STATUSES } from './account.js';
import { breakAccounts } from './break-accounts.js';
import { type FaultRule, faultRule } from './faults.js';
import type { Project } from './project.js';
import { Projects } from './projects.js';
import { type Seed, seed, seedAccounts } from './seed-accounts.js';
import { changeSettings, type SettingsChange, settingsChange } from './settings.js';
import { isAcceptableTarget } from './webhooks.js';

const clockChange = z.strictObject({
  set: z.union([z.iso.datetime({ offset: true }), z.int()]).optional(),
  advanceMs: z.int().min(0).optional(),
  stop: z.boolean().optional(),
});
const breakBody = z.strictObject({
  owner: z.string().min(1),
  app: z.string().optional(),
  status: z.enum(STATUSES).default('EXPIRED'),
  reason: z.string().optional(),
  webhook: z.boolean().default(true),
});
const accountChange = z.strictObject({
  status: z.enum(STATUSES).optional(),
  statusReason: z.string().nullable().optional(),
  isDisabled: z.boolean().optional(),
  providerHealth: z.enum(['ok', 'refuse', 'limit']).optional(),
  sharing: z.enum(['PRIVATE', 'SHARED']).optional(),
  owner: z.string().min(1).optional(),
  deleted: z.boolean().optional(),
});

/** The hand of a test, or of a person at the page: what no user of Composio could do. Times are those of the project's clock. */
@Controller('_emulator')
@UseGuards(ControlGuard)
export class EmulatorController {
  constructor(private readonly projects: Projects) {}

  @Get('clock')
  clock(@Query('project') name = 'local') {
    const { clock } = this.projects.get(name);
    return { now: new Date(clock.now()).toISOString(), stopped: clock.stopped };
  }

  @Post('clock')
  @HttpCode(200)
  async moveClock(@Body({ schema: clockChange }) change: z.infer<typeof clockChange>, @Query('project') name = 'local') {
    const { clock } = this.projects.get(name);
    if (change.stop === true) clock.stop();
    if (change.set !== undefined) await clock.moveTo(typeof change.set === 'number' ? change.set : Date.parse(change.set));
    if (change.advanceMs !== undefined) await clock.moveTo(clock.now() + change.advanceMs);
    if (change.stop === false) clock.go();
    return { now: new Date(clock.now()).toISOString(), stopped: clock.stopped };
  }

  @Post('reset')
  @HttpCode(200)
  reset(@Query('project') name = 'local') {
    this.projects.get(name).reset();
    return { reset: name };
  }

  @Post('seed')
  @HttpCode(200)
  seed(@Body({ schema: seed }) body: Seed, @Query('project') name = 'local') {
    const { count, first } = seedAccounts(this.projects.get(name), body);
    return { count, accounts: first.map(({ id, owner, app }) => ({ id, owner, app })) };
  }

  @Post('break')
  @HttpCode(200)
  break(@Body({ schema: breakBody }) { owner, app, ...how }: z.infer<typeof breakBody>, @Query('project') name = 'local') {
    const project = this.projects.get(name);
    return {
      accounts: breakAccounts(project, project.accounts.select({ owners: [owner], apps: app ? [app] : undefined, sharing: 'ALL' }), how),
    };
  }

  @Get('accounts')
  accounts(@Query('project') name = 'local', @Query('owner') owner?: string, @Query('app') app?: string) {
    const project = this.projects.get(name);
    const items = (owner ? project.accounts.of(owner) : project.accounts.all()).filter((account) => !app || account.app === app);
    return { items: items.map((account) => present(project, account)), count: items.length };
  }

  @Patch('accounts/:id')
  changeAccount(
    @Param('id') id: string,
    @Body({ schema: accountChange }) { status, statusReason, ...change }: z.infer<typeof accountChange>,
    @Query('project') name?: string,
  ) {
    const project = name ? this.projects.get(name) : this.projects.withAccount(id);
    const account = project?.accounts.find(id);
    if (!project || !account) throw new Problem(404, 'not_found', 'There is no such account.');
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    project.accounts.change(account, given, project.clock.now());
    if (status) project.setStatus(account, status, statusReason ?? null);
    else if (statusReason !== undefined) project.accounts.change(account, { statusReason }, project.clock.now());
    return present(project, account);
  }

  @Get('project')
  project(@Query('project') name = 'local') {
    const project = this.projects.get(name);
    return { ...project.settings, webhook: project.webhooks.subscription };
  }

  @Put('project')
  change(@Body({ schema: settingsChange }) change: SettingsChange, @Query('project') name = 'local') {
    const project = this.projects.get(name);
    for (const url of [change.verifierUrl, change.webhook?.url]) {
      if (url && !isAcceptableTarget(url)) throw new Problem(400, 'invalid_input', 'A URL must be https, or http on this machine.');
    }
    changeSettings(project.settings, change);
    if (change.webhook) project.webhooks.subscribe(change.webhook.url, change.webhook.secret);
    if (change.webhook === null) project.webhooks.subscription = null;
    return this.project(name);
  }

  @Get('faults')
  faults(@Query('project') name = 'local') {
    return { items: this.projects.get(name).faults.list() };
  }

  @Post('faults')
  addFault(@Body({ schema: faultRule }) rule: FaultRule, @Query('project') name = 'local') {
    const { random: _random, ...fault } = this.projects.get(name).faults.add(rule) as FaultRule & { random?: unknown };
    return fault;
  }

  @Delete('faults')
  clearFaults(@Query('project') name = 'local') {
    this.projects.get(name).faults.clear();
    return { items: [] };
  }

  @Get('links')
  links(@Query('project') name = 'local') {
    const project = this.projects.get(name);
    const open = [...project.links.values()].filter(({ decided, expiresAt }) => !decided && expiresAt > project.clock.now());
    return {
      items: open.map((link) => ({
        ...link,
        path: `/link/${link.token}`,
        account: present(project, project.accounts.find(link.accountId)),
      })),
    };
  }

  @Get('webhooks')
  webhooks(@Query('project') name = 'local') {
    return { items: this.projects.get(name).webhooks.deliveries };
  }

  @Post('webhooks/:id/redeliver')
  @HttpCode(200)
  async redeliver(@Param('id') id: string, @Query('project') name = 'local') {
    const { webhooks } = this.projects.get(name);
    const delivery = webhooks.deliveries.find((candidate) => candidate.id === id);
    if (!delivery) throw new Problem(404, 'not_found', 'There is no such delivery.');
    await webhooks.redeliver(delivery);
    return delivery;
  }
}

function present(project: Project, account: Account | undefined): object | null {
  return account
    ? { ...account, canary: canaryOf(project.name, account.owner), createdAt: iso(account.createdAt), updatedAt: iso(account.updatedAt) }
    : null;
}

const iso = (time: number): string => new Date(time).toISOString();
