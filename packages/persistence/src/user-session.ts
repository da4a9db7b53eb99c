import { type SignedInRequest } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/core';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { asUsers } from './session.js';

/** Every HTTP handler for a user runs as that user. Products and operators get no session here: what they may do, a use case opens itself. */
@Injectable()
export class UserSession implements NestInterceptor {
  constructor(private readonly em: EntityManager) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const { user } = context.switchToHttp().getRequest<SignedInRequest>();
    return user?.kind === 'user' ? asUsers(this.em, [user.id], () => next.handle()) : next.handle();
  }
}
