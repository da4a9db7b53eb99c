import { Ajv, type ValidateFunction } from 'ajv';

export type OutputSchema = Readonly<Record<string, unknown>>;
export type Structured = Record<string, unknown>;

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new WeakMap<OutputSchema, ValidateFunction>();

/** What keeps this from being the schema of an agent's answers. */
export function outputMistakes(schema: OutputSchema): string[] {
  try {
    validatorOf(schema);
    return [];
  } catch (error) {
    return [`output is no JSON Schema: ${(error as Error).message}`];
  }
}

/** The answer as the object that the schema wants, or what is wrong with it, in words for the model. */
export function readOutput(text: string, schema: OutputSchema): { structured: Structured } | { mistakes: string } {
  const value = parsed(text);
  if (value === undefined) return { mistakes: 'it is not JSON' };
  const validate = validatorOf(schema);
  return validate(value) ? { structured: value as Structured } : { mistakes: ajv.errorsText(validate.errors, { dataVar: 'answer' }) };
}

/** Some models put their JSON into a block of Markdown, whatever they are told. */
function parsed(text: string): unknown {
  const [, fenced] = /^\s*```(?:json)?\s*\n([\s\S]*)\n\s*```\s*$/.exec(text) ?? [];
  try {
    return JSON.parse(fenced ?? text);
  } catch {
    return undefined;
  }
}

function validatorOf(schema: OutputSchema): ValidateFunction {
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}
