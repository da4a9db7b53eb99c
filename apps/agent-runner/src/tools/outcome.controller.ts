import { type ActivityView, callParams, type Outcome, outcome } from '@gatehouse/contracts';
import { Access, type Principal, SignedIn } from '@gatehouse/runtime';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { presentActivity } from '../record/activity.presenter.js';
import { ConfirmOutcome } from './confirm-outcome.js';

@Access('user')
@Controller('v1/runs/:id/calls/:toolCallId/outcome')
export class OutcomeController {
  constructor(private readonly confirmOutcome: ConfirmOutcome) {}

  @Post()
  @HttpCode(200)
  async confirm(
    @SignedIn() user: Principal,
    @Param('id', { schema: callParams.shape.id }) runId: string,
    @Param('toolCallId', { schema: callParams.shape.toolCallId }) toolCallId: string,
    @Body({ schema: outcome }) { happened }: Outcome,
  ): Promise<ActivityView> {
    return presentActivity(await this.confirmOutcome.execute({ userId: user.id, runId, toolCallId }, happened));
  }
}
