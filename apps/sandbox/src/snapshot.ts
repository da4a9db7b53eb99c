import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CONFIG, log } from '@gatehouse/runtime';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ProjectSnapshot } from './composio/project.js';
import { Projects } from './composio/projects.js';
import type { SandboxConfig } from './config.js';
import { type Mail, MailCatcher } from './mail/mail-catcher.js';

const SAVE_EVERY_MS = 1000;

interface Saved {
  projects: ProjectSnapshot[];
  mails: Mail[];
}

/** Keeps the sandbox's data in a file, so that a restart of the local stack does not disconnect everybody. Written whole, then renamed. */
@Injectable()
export class Snapshot implements OnModuleInit, OnApplicationShutdown {
  private readonly log = log('snapshot');
  private saved = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: SandboxConfig,
    private readonly projects: Projects,
    private readonly mails: MailCatcher,
  ) {}

  onModuleInit(): void {
    const file = this.config.SANDBOX_SNAPSHOT;
    if (!file) return;
    this.load(file);
    this.timer = setInterval(() => this.save(file), SAVE_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    if (this.config.SANDBOX_SNAPSHOT) this.save(this.config.SANDBOX_SNAPSHOT);
  }

  private load(file: string): void {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      const { projects, mails } = JSON.parse(text) as Saved;
      for (const snapshot of projects) this.projects.get(snapshot.name).restore(snapshot);
      this.mails.restore(mails);
      this.saved = text;
    } catch {
      throw new Error(`the snapshot ${file} cannot be read. Delete it to start empty.`);
    }
  }

  /** What did not change is not written. A full disk costs the snapshot, not the sandbox. */
  private save(file: string): void {
    const state: Saved = { projects: this.projects.all().map((project) => project.snapshot()), mails: this.mails.list() };
    const text = JSON.stringify(state);
    if (text === this.saved) return;
    try {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      this.saved = text;
    } catch (err) {
      this.log.warn({ err }, 'the snapshot could not be written');
    }
  }
}
