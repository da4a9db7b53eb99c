import { Injectable } from '@nestjs/common';
import { Project } from './project.js';

export type Scope = 'all' | 'connections' | 'runner' | 'auditor';
const KEY = /^emu_([A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*?)(?:_(connections|runner|auditor))?$/;

/** `emu_<project>` may do all; `emu_<project>_<scope>` only what a scoped key may. Anything else, a real key too, is nobody's. */
export function readKey(key: unknown): { project: string; scope: Scope } | null {
  const match = typeof key === 'string' && key.length <= 200 ? KEY.exec(key) : null;
  return match?.[1] ? { project: match[1], scope: (match[2] as Scope | undefined) ?? 'all' } : null;
}

@Injectable()
export class Projects {
  private readonly projects = new Map<string, Project>();

  get(name: string): Project {
    const known = this.projects.get(name);
    if (known) return known;
    const project = new Project(name);
    this.projects.set(name, project);
    return project;
  }

  all(): Project[] {
    return [...this.projects.values()];
  }

  /** A link or session is looked up without a key: the browser that opens it has none. */
  withLink(token: string): Project | undefined {
    return this.all().find((project) => project.links.has(token));
  }

  withSession(sessionUri: string): Project | undefined {
    return this.all().find((project) => project.sessions.has(sessionUri));
  }

  withAccount(id: string): Project | undefined {
    return this.all().find((project) => project.accounts.find(id));
  }
}
