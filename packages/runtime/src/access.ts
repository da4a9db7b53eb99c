import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnModuleInit,
  SetMetadata,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { AppName, BaseConfig } from './env.js';
import { INTERNAL_HEADER, InternalTokens, type Principal, unauthenticated } from './internal-tokens.js';
import { Problem } from './problem.js';
import { CONFIG } from './tokens.js';

const ACCESS = 'gatehouse:access';

export type AccessKind = 'user' | 'product' | 'operator' | 'anyone';
export interface AccessPolicy {
  kind: AccessKind;
  /** Apps that may call. Empty: anybody on the network, without a token (health, public keys); for `anyone` only. */
  callers: readonly AppName[];
}

/**
 * Says who may call a route, or all routes of a controller; the method's word wins. `kind` is whom the call is for: a signed-in user, a
 * product's key, an operator, or anyone (also nobody). `callers` are the apps that may pass it on, the gateway unless said otherwise.
 */
export function Access(kind: AccessKind, { callers = ['gateway'] }: { callers?: AppName[] } = {}): ClassDecorator & MethodDecorator {
  if (!callers.length && kind !== 'anyone') throw new Error(`@Access('${kind}'): without a caller nobody is known`);
  return SetMetadata(ACCESS, { kind, callers } satisfies AccessPolicy);
}

/** The policy of the route that is being called. */
export function accessOf(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): AccessPolicy | undefined {
  return Reflect.getMetadata(ACCESS, context.getHandler()) ?? Reflect.getMetadata(ACCESS, context.getClass());
}

export type SignedInRequest = FastifyRequest & { user?: Principal };

/** The Principal of the call: whom it is for. */
export const SignedIn = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SignedInRequest>().user,
);

/**
 * Lets a call in when its internal token fits the route's policy. A route without a policy stops the boot. The gateway is the public door:
 * there the policy must be stated too, but its own guard authenticates people.
 */
@Injectable()
export class AccessGuard implements CanActivate, OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: BaseConfig,
    private readonly tokens: InternalTokens,
    private readonly modules: ModulesContainer,
  ) {}

  onModuleInit(): void {
    const open = [...routesWithoutPolicy(this.modules)];
    if (open.length) throw new Error(`${open.join(', ')}: nobody said who may call it; add @Access(…)`);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || this.config.app === 'gateway') return true;
    const policy = accessOf(context);
    if (!policy) throw forbidden();
    if (!policy.callers.length) return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const token = request.headers[INTERNAL_HEADER];
    if (typeof token !== 'string') throw unauthenticated();
    const principal = await this.tokens.verify(token);
    if (!policy.callers.includes(principal.caller)) throw forbidden();
    if (policy.kind !== 'anyone' && principal.kind !== policy.kind) throw forbidden();
    request.user = principal;
    return true;
  }
}

function forbidden(): Problem {
  return new Problem(403, 'forbidden', 'This is not yours to do.');
}

function* routesWithoutPolicy(modules: ModulesContainer): Generator<string> {
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      for (const [name, handler] of handlersOf(metatype.prototype)) {
        if (!accessOf({ getHandler: () => handler, getClass: () => metatype as never })) yield `${metatype.name}.${name}`;
      }
    }
  }
}

/** Methods with an HTTP route, own and inherited. */
function* handlersOf(prototype: object): Generator<[string, () => unknown]> {
  for (let level = prototype; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const value = Object.getOwnPropertyDescriptor(level, name)?.value;
      if (typeof value === 'function' && name !== 'constructor' && Reflect.hasMetadata('path', value)) yield [name, value];
    }
  }
}
