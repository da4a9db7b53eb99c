import { Controller, Get, type MessageEvent, Query, Sse, UseGuards } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { ControlGuard } from '../control.guard.js';
import { Projects } from './projects.js';

const EFFECT_FILTERS = ['owner', 'account', 'app', 'tool', 'callId', 'requestId', 'logId'] as const;
const REQUEST_FILTERS = ['method', 'path', 'key', 'userIdSent', 'account', 'accountOwner', 'app', 'tool', 'callId', 'status'] as const;

/** What happened, for tests to count: writes at the providers, and calls to the API. Every field is also a filter. */
@Controller('_emulator')
@UseGuards(ControlGuard)
export class RecordsController {
  constructor(private readonly projects: Projects) {}

  @Get('effects')
  effects(@Query() query: Record<string, string>) {
    const items = this.projects.get(query.project ?? 'local').effects.filter((effect) => fits(effect, EFFECT_FILTERS, query));
    return { items, count: items.length };
  }

  @Get('requests')
  requests(@Query() query: Record<string, string>) {
    const items = this.projects.get(query.project ?? 'local').requests.filter((request) => fits(request, REQUEST_FILTERS, query));
    return { items, count: items.length };
  }

  /** All of it, live, as server-sent events. */
  @Sse('events')
  events(@Query('project') name = 'local'): Observable<MessageEvent> {
    return this.projects.get(name).events.pipe(map(({ kind, what }) => ({ type: kind, data: what })));
  }
}

function fits<T extends object>(record: T, filters: readonly (keyof T & string)[], query: Record<string, string>): boolean {
  return filters.every((name) => query[name] === undefined || String(record[name]) === query[name]);
}
