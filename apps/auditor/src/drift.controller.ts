import { type DriftQuery, type DriftWish, driftQuery, driftWish } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Drift, DriftReport } from './drift/drift-report.entity.js';
import { OpenReport } from './drift/open-report.js';

const REPORTS = 50;

interface Shown {
  report: DriftReport;
  findings: Drift[];
}

/** What differs between Composio and us, for operators: the reports of the full reconciliation, and a new one on demand. */
@Controller('admin/drift')
@Access('operator')
export class DriftController {
  constructor(
    private readonly em: EntityManager,
    private readonly openReport: OpenReport,
  ) {}

  @Get()
  async list(): Promise<{ data: DriftReport[] }> {
    return { data: await asSystem(this.em, () => this.em.find(DriftReport, {}, { orderBy: { openedAt: 'desc' }, limit: REPORTS })) };
  }

  @Get(':id')
  async show(@Param('id', { schema: z.uuid() }) id: string, @Query({ schema: driftQuery }) { kind, limit }: DriftQuery): Promise<Shown> {
    return asSystem(this.em, async () => {
      const report = await this.em.findOne(DriftReport, { id });
      if (!report) throw new Problem(404, 'not_found', 'There is no such report.');
      const where = { reportId: id, ...(kind && { kind }) };
      const findings = await this.em.find(Drift, where, { orderBy: { kind: 'asc', accountId: 'asc' }, limit });
      return { report, findings };
    });
  }

  @Post()
  @HttpCode(202)
  async run(@SignedIn() operator: Principal, @Body({ schema: driftWish }) { fix, reason }: DriftWish): Promise<DriftReport> {
    const report = await asSystem(this.em, () => this.openReport.execute({ askedBy: operator.id, fix, reason }));
    if (!report) throw new Problem(409, 'conflict', 'A reconciliation is under way: its report is the first of the list.');
    return report;
  }
}
