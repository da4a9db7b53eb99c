import type { ToolDefinition } from '@gatehouse/composio';
import { Ajv, type ValidateFunction } from 'ajv';

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new WeakMap<object, ValidateFunction>();

/** What is wrong with a call's arguments, in words for the model; undefined if they fit the tool's schema. */
export function argumentMistakes({ parameters }: ToolDefinition, args: unknown): string | undefined {
  let validate = validators.get(parameters);
  if (!validate) {
    validate = ajv.compile(parameters);
    validators.set(parameters, validate);
  }
  return validate(args) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'arguments' });
}
