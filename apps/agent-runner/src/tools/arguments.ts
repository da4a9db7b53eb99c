import type { ToolDefinition } from '@gatehouse/composio';
import { Ajv, type ValidateFunction } from 'ajv';

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new WeakMap<object, ValidateFunction>();

/** What is wrong with a call's arguments, in words for the model; undefined if they fit the tool's schema. */
export function argumentMistakes({ parameters }: ToolDefinition, args: unknown): string | undefined {
  const validate = validators.get(parameters) ?? ajv.compile(parameters);
  validators.set(parameters, validate);
  return validate(args) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'arguments' });
}

/** Postgres keeps neither zero bytes nor lone surrogates in JSON; `JSON.stringify` writes both as escapes. */
export function isStorable(value: unknown): boolean {
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i.test(JSON.stringify(value));
}
