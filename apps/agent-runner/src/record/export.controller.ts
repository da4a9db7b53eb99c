import { Readable } from 'node:stream';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { ExportRecord } from './export-record.js';

const RETRY_AFTER_SECONDS = 60;

@Access('user')
@Controller('v1/export')
export class ExportController {
  /** Whose export is on its way. Of this process: replicas do not ask each other, so a user may have one at each. */
  private readonly underWay = new Set<string>();

  constructor(private readonly exportRecord: ExportRecord) {}

  @Get()
  @Header('cache-control', 'no-store')
  download(@SignedIn() { id }: Principal): StreamableFile {
    if (this.underWay.has(id)) {
      const detail = 'Your export is already on its way. Wait until it is there.';
      throw new Problem(429, 'export_under_way', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.underWay.add(id);
    const file = Readable.from(this.exportRecord.execute(id), { objectMode: false, highWaterMark: 64 * 1024 });
    file.once('close', () => this.underWay.delete(id)); // also when the browser has gone
    const disposition = `attachment; filename="gatehouse-${new Date().toISOString().slice(0, 10)}.json"`;
    return new StreamableFile(file, { type: 'application/json; charset=utf-8', disposition });
  }
}
