import { Body, Controller, Delete, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ControlGuard } from '../control.guard.js';
import { type Script, Scripts, script } from './scripts.js';

@Controller('_emulator/model')
@UseGuards(ControlGuard)
export class ModelControlController {
  constructor(private readonly scripts: Scripts) {}

  @Post('script')
  @HttpCode(200)
  add(@Body({ schema: script }) given: Script, @Query('project') project?: string) {
    const named = project ? { ...given, project } : given;
    this.scripts.add(named);
    return { project: named.project, repliesLeft: this.scripts.left(named.project) };
  }

  @Get('script')
  left(@Query('project') project = 'local') {
    return { project, repliesLeft: this.scripts.left(project) };
  }

  @Delete('script')
  forget(@Query('project') project = 'local') {
    this.scripts.forget(project);
    return { project, repliesLeft: 0 };
  }

  /** What the model was asked, whole. */
  @Get('requests')
  requests(@Query('project') project = 'local') {
    const items = this.scripts.requests(project);
    return { items, count: items.length };
  }
}
