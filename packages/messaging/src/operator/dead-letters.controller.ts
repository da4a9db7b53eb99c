import {
  type DeadLetterQuery,
  type DeadLetterStory,
  type DeadLetterView,
  deadLetterQuery,
  type Page,
  type SettledLetters,
  type SettleLettersRequest,
  settleLettersRequest,
} from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { DropLetters } from './drop-letters.js';
import { FindLetters } from './find-letters.js';
import { type Letter, type LetterSummary, type Selection, shownHeader } from './letter.js';
import { ReplayLetters } from './replay-letters.js';

const ACTED_ON = 1000;
const LIST = 'dead letters';

/** The dead letters of this app, for operators; never what is in them. */
@Controller('admin/dead-letters')
@Access('operator')
export class DeadLettersController {
  constructor(
    private readonly findLetters: FindLetters,
    private readonly replayLetters: ReplayLetters,
    private readonly dropLetters: DropLetters,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(@SignedIn() operator: Principal, @Query({ schema: deadLetterQuery }) query: DeadLetterQuery): Promise<Page<DeadLetterView>> {
    const { limit, cursor } = query;
    const [before] = this.cursors.read(cursor, operator.id, LIST) ?? [];
    const letters = await this.findLetters.page(selectionOf(query), { limit: limit + 1, before });
    const key = ({ at, eventId }: { at: string; eventId: string }) => [`${at} ${eventId}`];
    return this.cursors.page(letters, { limit, user: operator.id, list: LIST, key, present });
  }

  @Get(':id')
  async show(@Param('id', { schema: z.uuid() }) id: string): Promise<DeadLetterStory> {
    const letter = await this.findLetters.one(id);
    const { state, says, acts } = await this.findLetters.fate(id);
    return { letter: letter ? { ...present(letter), ...origin(letter) } : null, state, says, acts: acts.map(presentAct) };
  }

  @Post('replay')
  @HttpCode(200)
  replay(@SignedIn() operator: Principal, @Body({ schema: settleLettersRequest }) wish: SettleLettersRequest): Promise<SettledLetters> {
    return this.settle(wish, (ids) => this.replayLetters.execute(ids, { by: operator.id, note: wish.note }, wish));
  }

  @Post('drop')
  @HttpCode(200)
  drop(@SignedIn() operator: Principal, @Body({ schema: settleLettersRequest }) wish: SettleLettersRequest): Promise<SettledLetters> {
    return this.settle(wish, (ids) => this.dropLetters.execute(ids, { by: operator.id, note: wish.note }, wish));
  }

  /** Ids that are named are acted on also where there is no letter any more: the answer tells what became of it. */
  private async settle(
    wish: SettleLettersRequest,
    deed: (ids: readonly string[]) => Promise<SettledLetters['results'] | readonly SettledLetters['results'][number][]>,
  ): Promise<SettledLetters> {
    const { ids, reason, since, dryRun } = wish;
    const named = ids && reason === undefined && since === undefined ? [...new Set(ids)] : undefined;
    const found = named ? { items: named, total: named.length } : await this.findLetters.ids(selectionOf(wish), ACTED_ON);
    return { dryRun, results: [...(await deed(found.items))], more: found.total - found.items.length };
  }
}

const selectionOf = ({ ids, reason, since }: { ids?: string[] | undefined; reason?: string | undefined; since?: string | undefined }) =>
  ({ ids, reason, since: since === undefined ? undefined : new Date(since) }) satisfies Selection;

function present({
  eventId,
  topic,
  key,
  code,
  class: kind,
  reason,
  fingerprint,
  attempts,
  partition,
  offset,
  diedAt,
  replays,
}: LetterSummary): DeadLetterView {
  return { eventId, topic, key, code, class: kind, reason, fingerprint, attempts, partition, offset, diedAt, replays };
}

function origin({ recordedAt, headers: { ce_source: source } }: Letter) {
  return { recordedAt, source: source === undefined ? null : shownHeader(source).slice(0, 200) };
}

const presentAct = ({ at, by, action, note, result }: DeadLetterStory['acts'][number]) => ({ at, by, action, note, result });
