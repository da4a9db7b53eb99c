import type { ModulesContainer } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';

/** Stops the boot for handlers that Nest would lose or could not run in one transaction. */
export function checkHandlers(modules: ModulesContainer): void {
  for (const module of modules.values()) {
    for (const wrapper of module.controllers.values()) {
      if (isHandling(wrapper.metatype) && !wrapper.isDependencyTreeStatic()) {
        throw new Error(`${wrapper.name}: a consumer cannot be request-scoped`);
      }
    }
    for (const wrapper of module.providers.values()) {
      if (isHandling(wrapper.metatype)) throw new Error(`${wrapper.name}: @On works in controllers only; list it under controllers`);
    }
  }
}

function isHandling(metatype: unknown): boolean {
  const prototype = typeof metatype === 'function' ? (metatype.prototype as object | undefined) : undefined;
  if (!prototype) return false;
  return Object.values(Object.getOwnPropertyDescriptors(prototype)).some(
    ({ value }) => typeof value === 'function' && Reflect.hasMetadata(PATTERN_METADATA, value),
  );
}
