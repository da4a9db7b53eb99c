import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { switchTableNames } from '@gatehouse/switches';
import { Migration20261121000000_init } from '../migrations/Migration20261121000000_init.js';
import { Migration20261121000100_checkpoint } from '../migrations/Migration20261121000100_checkpoint.js';
import { Migration20261122000000_operator_acts } from '../migrations/Migration20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/Migration20261122000100_retention.js';
import { Migration20261123100000_decisions } from '../migrations/Migration20261123100000_decisions.js';
import { Migration20261123100100_policy } from '../migrations/Migration20261123100100_policy.js';
import { Migration20261123300000_conversations } from '../migrations/Migration20261123300000_conversations.js';
import { Migration20261123500000_switches } from '../migrations/Migration20261123500000_switches.js';
import { Migration20261123500100_operator_deeds } from '../migrations/Migration20261123500100_operator_deeds.js';
import { Approval } from './approvals/approval.entity.js';
import { Decision } from './decisions/decision.entity.js';
import { DecisionHead } from './decisions/decision-head.entity.js';
import { UserTombstone } from './forgetting/user-tombstone.entity.js';
import { UserLane } from './queue/user-lane.entity.js';
import { Run } from './runs/run.entity.js';
import { RunEvent } from './runs/run-event.entity.js';
import { ToolSetting } from './settings/tool-setting.entity.js';
import { ToolCall } from './tools/tool-call.entity.js';

export const database = defineDatabase({
  app: 'agent-runner',
  entities: [Run, RunEvent, UserLane, ToolCall, Approval, Decision, DecisionHead, ToolSetting, UserTombstone],
  migrations: [
    Migration20261121000000_init,
    Migration20261121000100_checkpoint,
    Migration20261122000000_operator_acts,
    Migration20261122000100_retention,
    Migration20261123500000_switches,
    Migration20261123100000_decisions,
    Migration20261123100100_policy,
    Migration20261123300000_conversations,
    Migration20261123500100_operator_deeds,
  ],
  skipTables: [...messagingTableNames, ...switchTableNames],
});
