import { asUsers } from '@gatehouse/persistence';
import { EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Approval } from '../approvals/approval.entity.js';
import { presentApproval } from '../approvals/approval.presenter.js';
import { Decision } from '../decisions/decision.entity.js';
import { Run } from '../runs/run.entity.js';
import { presentRun } from '../runs/run.presenter.js';
import { RunEvent } from '../runs/run-event.entity.js';
import { ToolSetting } from '../settings/tool-setting.entity.js';
import { ToolCall } from '../tools/tool-call.entity.js';
import { approvalsOfCalls } from './approvals-of-calls.js';
import { presentWhole } from './call.presenter.js';
import { presentDecision } from './decision.presenter.js';
import { presentEvent } from './event.presenter.js';

/** Rows in memory at once; of calls with 64 kB of result each, 3 MB. */
const PAGE = 50;

/** Everything agents did with one user's accounts, as the text of one JSON object. A page at a time, each in a session of its own. */
@Injectable()
export class ExportRecord {
  constructor(private readonly em: EntityManager) {}

  async *execute(userId: string): AsyncGenerator<string> {
    yield `{"exportedAt":${JSON.stringify(new Date())},"userId":${JSON.stringify(userId)},"runs":[`;
    yield* separated(this.runs(userId));
    yield '],"decisions":[';
    yield* separated(this.decisions(userId));
    yield '],"settings":[';
    yield* separated(this.settings(userId));
    yield ']}\n';
  }

  /** The newest first. Runs that are asked for meanwhile are not among them. */
  private async *runs(userId: string): AsyncGenerator<AsyncIterable<string>> {
    const older = ({ createdAt, id }: Run): FilterQuery<Run> => ({
      $or: [{ createdAt: { $lt: createdAt } }, { createdAt, id: { $lt: id } }],
    });
    const read = (after: Run | undefined, em: EntityManager) =>
      em.find(Run, { userId, ...(after && (older(after) as object)) }, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: PAGE });
    for await (const run of this.pages(userId, read)) yield this.run(run);
  }

  private async *run(run: Run): AsyncGenerator<string> {
    const { id: runId, userId, origin } = run;
    yield `${JSON.stringify({ ...presentRun(run), origin }).slice(0, -1)},"timeline":[`;
    const events = this.pages(userId, (after: RunEvent | undefined, em) =>
      em.find(RunEvent, { runId, userId, ...(after && { seq: { $gt: after.seq } }) }, { orderBy: { seq: 'asc' }, limit: PAGE }),
    );
    yield* separated(texts(events, presentEvent));
    yield '],"calls":[';
    yield* separated(this.calls(userId, runId));
    yield '],"approvals":[';
    const approvals = this.pages(userId, (after: Approval | undefined, em) =>
      em.find(Approval, { runId, userId, ...(after && { id: { $gt: after.id } }) }, { orderBy: { id: 'asc' }, limit: PAGE }),
    );
    yield* separated(texts(approvals, (approval) => ({ ...presentApproval(approval), reason: approval.reason ?? null })));
    yield ']}';
  }

  private async *calls(userId: string, runId: string): AsyncGenerator<string> {
    const approvals = new Map<string, string>();
    const newer = ({ startedAt, toolCallId }: ToolCall) => ({
      $or: [{ startedAt: { $gt: startedAt } }, { startedAt, toolCallId: { $gt: toolCallId } }],
    });
    const calls = this.pages(userId, async (after: ToolCall | undefined, em) => {
      const where = { runId, userId, ...(after && newer(after)) };
      const page = await em.find(ToolCall, where, { orderBy: { startedAt: 'asc', toolCallId: 'asc' }, limit: PAGE });
      for (const [call, approval] of await approvalsOfCalls(em, userId, runId, page)) approvals.set(call, approval);
      return page;
    });
    yield* texts(calls, (call) => presentWhole(call, approvals.get(call.toolCallId) ?? null));
  }

  private decisions(userId: string): AsyncGenerator<string> {
    const rows = this.pages(userId, (after: Decision | undefined, em) =>
      em.find(Decision, { userId, ...(after && { seq: { $gt: after.seq } }) }, { orderBy: { seq: 'asc' }, limit: PAGE }),
    );
    return texts(rows, presentDecision);
  }

  private settings(userId: string): AsyncGenerator<string> {
    const rows = this.pages(userId, (after: ToolSetting | undefined, em) =>
      em.find(ToolSetting, { userId, ...(after && { tool: { $gt: after.tool } }) }, { orderBy: { tool: 'asc' }, limit: PAGE }),
    );
    return texts(rows, ({ tool, setting, changedAt }) => ({ tool, setting, changedAt }));
  }

  /** No connection is held between two pages, however slowly they are taken. */
  private async *pages<T>(userId: string, read: (after: T | undefined, em: EntityManager) => Promise<T[]>): AsyncGenerator<T> {
    for (let last: T | undefined, more = true; more; ) {
      const page = await asUsers(this.em, [userId], () => read(last, this.em));
      yield* page;
      last = page.at(-1);
      more = page.length === PAGE;
    }
  }
}

async function* texts<T>(rows: AsyncIterable<T>, present: (row: T) => object): AsyncGenerator<string> {
  for await (const row of rows) yield JSON.stringify(present(row));
}

async function* separated(items: AsyncIterable<string | AsyncIterable<string>>): AsyncGenerator<string> {
  let first = true;
  for await (const item of items) {
    if (!first) yield ',';
    first = false;
    if (typeof item === 'string') yield item;
    else yield* item;
  }
}
