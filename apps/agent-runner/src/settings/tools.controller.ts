import { type ToolSettings, type ToolsQuery, type ToolView, toolSettings, toolsQuery } from '@gatehouse/contracts';
import { Access, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Inject, Put, Query } from '@nestjs/common';
import { AGENTS, type Agents, type ToolRow } from '../agent/agents.js';
import { choicesOf, defaultOf, type Setting } from '../tools/policy.js';
import { ChangeSettings } from './change-settings.js';
import { ToolSetting } from './tool-setting.entity.js';

/** The rules for tools as one user has them: the policy table, and what they made stricter. */
@Access('user')
@Controller('v1/tools')
export class ToolsController {
  constructor(
    private readonly em: EntityManager,
    private readonly changeSettings: ChangeSettings,
    @Inject(AGENTS) private readonly agents: Agents,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: toolsQuery }) { app }: ToolsQuery): Promise<{ data: ToolView[] }> {
    const settings = await this.em.find(ToolSetting, { userId: user.id });
    const chosen = new Map(settings.map(({ tool, setting }) => [tool, setting]));
    const tools = [...this.agents.tools].filter(([, row]) => !app || row.app === app);
    return { data: tools.map(([tool, row]) => present(tool, row, chosen.get(tool))) };
  }

  @Put('settings')
  async change(@SignedIn() user: Principal, @Body({ schema: toolSettings }) { settings }: ToolSettings): Promise<{ data: ToolView[] }> {
    await this.changeSettings.execute(user.id, settings);
    return { data: settings.flatMap(({ tool, setting }) => present(tool, this.agents.tools.get(tool) as ToolRow, setting)) };
  }
}

/** A setting that the tool's class does not allow (any more) counts for nothing: `decide` is as strict as the class. */
function present(tool: string, { app, class: toolClass, title }: ToolRow, chosen: Setting | undefined): ToolView {
  const choices = choicesOf(toolClass);
  const setting = chosen && choices.includes(chosen) ? chosen : defaultOf(toolClass);
  return { tool, app, class: toolClass, title, setting, default: defaultOf(toolClass), choices: [...choices] };
}
