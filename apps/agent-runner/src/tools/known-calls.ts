import { readOwn } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Approval } from '../approvals/approval.entity.js';
import { type Lease, LeaseLost } from '../queue/lease.js';
import type { Setting } from './policy.js';
import type { ToolCall } from './tool-call.entity.js';

/** The approval that counts for a call: an edited one is replaced by the row that its edit made. */
export type KnownApproval = Pick<Approval, 'id' | 'state' | 'accountId' | 'argsHash' | 'arguments'> & {
  reason: string | null;
  expired: boolean;
};
export type KnownRow = Pick<
  ToolCall,
  'toolCallId' | 'state' | 'class' | 'argsHash' | 'accountId' | 'epoch' | 'credentialsRefused' | 'result'
>;

/** All that a decision about a call rests on. */
export interface KnownCall {
  tainted: boolean;
  /** The outcome of some write of this run is not known, and nobody looked. */
  unconfirmed: boolean;
  setting: Setting | null;
  /** What the journal knows of this call, after a crash or a wait. */
  row: KnownRow | null;
  approval: KnownApproval | null;
}

const KNOWN = `
  select r.tainted,
    exists (select from tool_call u where u.run_id = r.id and u.state = 'unknown' and u.happened is null) as unconfirmed,
    (select s.setting from tool_setting s where s.user_id = r.user_id and s.tool = $4) as setting,
    (select jsonb_build_object('toolCallId', c.tool_call_id, 'state', c.state, 'class', c.class, 'argsHash', c.args_hash,
        'accountId', c.account_id, 'epoch', c.epoch, 'credentialsRefused', c.credentials_refused, 'result', c.result)
      from tool_call c where c.run_id = r.id and c.tool_call_id = $3) as row,
    (select jsonb_build_object('id', a.id, 'state', a.state, 'accountId', a.account_id, 'argsHash', a.args_hash,
        'arguments', a.arguments, 'reason', a.reason, 'expired', a.expires_at <= now())
      from approval a where a.run_id = r.id and a.tool_call_id = $3 and a.state not in ('edited', 'cancelled')
      order by a.created_at desc, a.id desc limit 1) as approval
  from run r where r.id = $1 and r.user_id = $2`;

/** Asked before each call. One statement, one round trip, prepared: nothing of the answer is older than the rest. */
@Injectable()
export class KnownCalls {
  constructor(private readonly em: EntityManager) {}

  async of({ runId, userId }: Lease, callId: string, tool: string): Promise<KnownCall> {
    const [known] = await readOwn<KnownCall>(this.em, userId, { name: 'known-call', text: KNOWN, values: [runId, userId, callId, tool] });
    if (!known) throw new LeaseLost(`run ${runId} is gone`);
    return known;
  }
}
