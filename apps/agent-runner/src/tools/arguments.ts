import type { ToolDefinition } from '@gatehouse/composio';
import { Ajv, type ValidateFunction } from 'ajv';

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new WeakMap<object, ValidateFunction>();

export interface Mistake {
  /** Which of them, such as `arguments.to.0`. */
  path: string;
  message: string;
}

/** What is wrong with a call's arguments, one by one; empty if they fit the tool's schema. */
export function mistakesIn({ parameters }: ToolDefinition, args: unknown): Mistake[] {
  const validate = validators.get(parameters) ?? ajv.compile(parameters);
  validators.set(parameters, validate);
  if (validate(args)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = 'does not fit', params }) => {
    const named: unknown = params.missingProperty ?? params.additionalProperty;
    const path = ['arguments', ...instancePath.split('/').slice(1), ...(typeof named === 'string' ? [named] : [])];
    return { path: path.join('.'), message };
  });
}

/** The same in words for the model; undefined if they fit. */
export function argumentMistakes(definition: ToolDefinition, args: unknown): string | undefined {
  const mistakes = mistakesIn(definition, args);
  return mistakes.length ? mistakes.map(({ path, message }) => `${path} ${message}`).join(', ') : undefined;
}

/** Postgres keeps neither zero bytes nor lone surrogates in JSON; `JSON.stringify` writes both as escapes. */
export function isStorable(value: unknown): boolean {
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i.test(JSON.stringify(value));
}
