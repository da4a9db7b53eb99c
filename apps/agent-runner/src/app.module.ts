import { COMPOSIO, createComposio } from '@gatehouse/composio';
import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { SwitchesModule } from '@gatehouse/switches';
import { Module } from '@nestjs/common';
import { AgentsController } from './agent/agents.controller.js';
import { AGENTS, loadAgents } from './agent/agents.js';
import { Checkpointer } from './agent/checkpointer.js';
import { AgentGraph } from './agent/graph.js';
import { Model } from './agent/model.js';
import { TakeTurn } from './agent/take-turn.js';
import { AnswerApproval } from './approvals/answer-approval.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { AskApproval } from './approvals/ask-approval.js';
import { WithdrawApprovals } from './approvals/withdraw-approvals.js';
import { config } from './config.js';
import { database } from './database.js';
import { BuryUsers } from './forgetting/bury-users.js';
import { ForgetThreads } from './forgetting/forget-threads.js';
import { ForgetUsers } from './forgetting/forget-users.js';
import { ForgettingWorker } from './forgetting/forgetting.worker.js';
import { GateClient } from './gate.client.js';
import { LiveRuns } from './live/live-runs.js';
import { MeasureRuns } from './operators/measure-runs.js';
import { OperatorsController } from './operators/operators.controller.js';
import { StopRun } from './operators/stop-run.js';
import { TimelineController } from './operators/timeline.controller.js';
import { ClaimRun } from './queue/claim-run.js';
import { MeasureQueue } from './queue/measure-queue.js';
import { PromoteRuns } from './queue/promote-runs.js';
import { QueueWorker } from './queue/queue.worker.js';
import { QueueChores } from './queue/queue-chores.js';
import { ReapRuns } from './queue/reap-runs.js';
import { RecountLanes } from './queue/recount-lanes.js';
import { RenewLease } from './queue/renew-lease.js';
import { RunsWorker } from './queue/runs.worker.js';
import { ActivityController } from './record/activity.controller.js';
import { DecisionsController } from './record/decisions.controller.js';
import { ExportController } from './record/export.controller.js';
import { ExportRecord } from './record/export-record.js';
import { RunRecordController } from './record/run-record.controller.js';
import { AskRun } from './runs/ask-run.js';
import { CancelRuns } from './runs/cancel-runs.js';
import { ExecuteRun } from './runs/execute-run.js';
import { ExpireRuns } from './runs/expire-runs.js';
import { FinishRun } from './runs/finish-run.js';
import { LetGoRun } from './runs/let-go-run.js';
import { ParkRun } from './runs/park-run.js';
import { PrepareRun } from './runs/prepare-run.js';
import { RecheckRuns } from './runs/recheck-runs.js';
import { RecordTurn } from './runs/record-turn.js';
import { RequestRuns } from './runs/request-runs.js';
import { RunEventsController } from './runs/run-events.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { WakeRuns } from './runs/wake-runs.js';
import { RunsConsumer } from './runs.consumer.js';
import { ChangeSettings } from './settings/change-settings.js';
import { ToolsController } from './settings/tools.controller.js';
import { CallTool } from './tools/call-tool.js';
import { ConfirmOutcome } from './tools/confirm-outcome.js';
import { Definitions } from './tools/definitions.js';
import { Journal } from './tools/journal.js';
import { KnownCalls } from './tools/known-calls.js';
import { OutcomeController } from './tools/outcome.controller.js';

@Module({
  imports: [
    RuntimeModule.for(config),
    DatabaseModule.for(database, config),
    MessagingModule.for(config),
    SwitchesModule.for(['everything', 'app', 'user', 'tool']),
  ],
  controllers: [
    RunsController,
    RunEventsController,
    ApprovalsController,
    ToolsController,
    OutcomeController,
    RunRecordController,
    ActivityController,
    DecisionsController,
    ExportController,
    AgentsController,
    OperatorsController,
    TimelineController,
    RunsConsumer,
  ],
  providers: [
    { provide: COMPOSIO, useFactory: () => createComposio(config) },
    { provide: AGENTS, useFactory: () => loadAgents(config.AGENTS_DIR) },
    ...[
      GateClient,
      AskRun,
      RequestRuns,
      CancelRuns,
      WakeRuns,
      RecheckRuns,
      ExpireRuns,
      BuryUsers,
      ForgetUsers,
      ForgetThreads,
      ForgettingWorker,
    ],
    ...[
      PrepareRun,
      ExecuteRun,
      LetGoRun,
      ParkRun,
      FinishRun,
      RecordTurn,
      Definitions,
      KnownCalls,
      Journal,
      CallTool,
      ConfirmOutcome,
      ChangeSettings,
      ExportRecord,
    ],
    ...[AskApproval, AnswerApproval, WithdrawApprovals, AgentGraph, TakeTurn, Model, Checkpointer, LiveRuns],
    ...[MeasureRuns, StopRun],
    ...[ClaimRun, RenewLease, PromoteRuns, ReapRuns, RecountLanes, MeasureQueue, QueueChores, RunsWorker, QueueWorker],
  ],
})
export class AppModule {}
