import {
  type LiftSwitchRequest,
  liftSwitchRequest,
  type SetSwitchRequest,
  type SwitchAnswer,
  type SwitchView,
  setSwitchRequest,
} from '@gatehouse/contracts';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { LiftSwitch } from './lift-switch.js';
import { ListSwitches } from './list-switches.js';
import { SetSwitch } from './set-switch.js';
import type { SwitchScope } from './switch.js';

export const SCOPES = Symbol('switch scopes');

/** What operators have stopped in this app. Everything they do here stays written down. */
@Controller('admin/switches')
@Access('operator')
export class SwitchesController {
  constructor(
    private readonly listSwitches: ListSwitches,
    private readonly setSwitch: SetSwitch,
    private readonly liftSwitch: LiftSwitch,
    @Inject(SCOPES) private readonly scopes: readonly SwitchScope[],
  ) {}

  @Get()
  async list(): Promise<{ data: SwitchView[] }> {
    return { data: await this.listSwitches.execute() };
  }

  @Post()
  @HttpCode(200)
  async set(@SignedIn() operator: Principal, @Body({ schema: setSwitchRequest }) wish: SetSwitchRequest): Promise<SwitchAnswer> {
    const { dryRun, reason, scope } = wish;
    if (!this.scopes.includes(scope)) throw new Problem(422, 'no_such_switch', `Nothing here can be stopped by ${scope}.`);
    const target = 'target' in wish ? wish.target : undefined;
    return this.setSwitch.execute({ scope, target, reason, by: operator.id }, { dryRun });
  }

  @Post(':id/lift')
  @HttpCode(200)
  async lift(
    @SignedIn() operator: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: liftSwitchRequest }) { reason }: LiftSwitchRequest,
  ): Promise<SwitchView> {
    const lifted = await this.liftSwitch.execute(id, { by: operator.id, reason });
    if (!lifted) throw new Problem(404, 'not_found', 'There is no such switch.');
    return lifted;
  }
}
