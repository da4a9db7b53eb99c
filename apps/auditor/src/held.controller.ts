import { type HeldApp, type SettledHeld, type SettleHeldRequest, settleHeldRequest } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { SettleHeld } from './sweep/settle-held.js';

/** What the blast-radius guard holds back, for operators: nothing was told to anyone yet. */
@Controller('admin/held')
@Access('operator')
export class HeldController {
  constructor(
    private readonly em: EntityManager,
    private readonly settleHeld: SettleHeld,
  ) {}

  @Get()
  async list(): Promise<{ data: HeldApp[] }> {
    return { data: await asSystem(this.em, () => this.settleHeld.list()) };
  }

  @Post(':app/:deed')
  @HttpCode(200)
  async settle(
    @SignedIn() operator: Principal,
    @Param('app') app: string,
    @Param('deed', { schema: z.enum(['release', 'discard']) }) deed: 'release' | 'discard',
    @Body({ schema: settleHeldRequest }) { reason, dryRun }: SettleHeldRequest,
  ): Promise<SettledHeld> {
    const settled = await asSystem(this.em, () => this.settleHeld.execute({ app, deed, dryRun }, { by: operator.id, note: reason }));
    if (!settled) throw new Problem(404, 'not_found', 'Nothing of this app is held.');
    return { app, settled, dryRun };
  }
}
