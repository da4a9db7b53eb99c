import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'ToolSetting',
  tableName: 'tool_setting',
  ...ownRows('agent_runner'),
  properties: {
    userId: p.string().length(200).primary(),
    tool: p.string().length(128).primary(),
    setting: p.enum(['allow', 'ask', 'never']),
    changedAt: p.datetime(3).defaultRaw('now()'),
  },
});

/** What a user made of a tool's rule. Without a row the policy table says it. */
export class ToolSetting extends schema.class {}
schema.setClass(ToolSetting);
