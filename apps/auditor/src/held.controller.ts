import { asSystem } from '@gatehouse/persistence';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { SettleHeld } from './sweep/settle-held.js';

const reason = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/** What the blast-radius guard holds back, for operators: nothing was told to anyone yet. */
@Controller('admin/held')
@Access('operator')
export class HeldController {
  constructor(
    private readonly em: EntityManager,
    private readonly settleHeld: SettleHeld,
  ) {}

  @Get()
  async list(): Promise<{ data: { app: string; held: number; since: Date }[] }> {
    return { data: await asSystem(this.em, () => this.settleHeld.list()) };
  }

  @Post(':app/:deed')
  @HttpCode(200)
  async settle(
    @SignedIn() operator: Principal,
    @Param('app') app: string,
    @Param('deed', { schema: z.enum(['release', 'discard']) }) deed: 'release' | 'discard',
    @Body({ schema: reason }) { reason: why }: z.output<typeof reason>,
  ): Promise<{ app: string; settled: number }> {
    const settled = await asSystem(this.em, () => this.settleHeld.execute(app, deed, { by: operator.id, note: why }));
    if (!settled) throw new Problem(404, 'not_found', 'Nothing of this app is held.');
    return { app, settled };
  }
}
