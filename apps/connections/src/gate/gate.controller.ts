import { type GateRequest, gateRequest, type Verdict } from '@gatehouse/contracts';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CheckGate } from './check-gate.js';
import { NoteUse } from './note-use.js';

@Controller('v1/gate')
export class GateController {
  constructor(
    private readonly checkGate: CheckGate,
    private readonly noteUse: NoteUse,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('user', { callers: ['gateway', 'agent-runner'] })
  async check(@SignedIn() user: Principal, @Body({ schema: gateRequest }) { userId, apps }: GateRequest): Promise<Verdict> {
    if (userId !== undefined && userId !== user.id) throw new Problem(403, 'forbidden', 'The gate answers only for the user who asks.');
    const verdict = await this.checkGate.execute(user.id, apps);
    if (user.caller === 'agent-runner' && verdict.verdict !== 'blocked') {
      const ids = verdict.accounts.map(({ connectionId }) => connectionId);
      await this.noteUse.execute(user.id, ids);
    }
    return verdict;
  }
}
