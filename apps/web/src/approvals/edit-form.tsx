import { Button, Checkbox, Group, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSay } from '../words/say.js';
import { useLabel } from './field-list.js';
import { type Arguments, isEditable, isList, ordered, sameValue } from './fields.js';

const LONG = 60;

interface EditFormProps {
  args: Arguments;
  /** What was changed before, after coming back from the review. */
  draft: Arguments;
  /** Names of fields that were refused. */
  wrong: readonly string[];
  onReview: (args: Arguments) => void;
  onBack: () => void;
}

/** The arguments of a call as a form. What a form cannot hold stays as it is. */
export function EditForm({ args, draft, wrong, onReview, onBack }: EditFormProps) {
  const say = useSay();
  const [values, setValues] = useState(draft);
  const unchanged = sameValue(values, args);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unchanged) onReview(cleaned(values));
  };
  return (
    <form onSubmit={submit} aria-label={say('approval.edit')}>
      <Stack gap="sm">
        {ordered(args)
          .filter(([, value]) => isEditable(value))
          .map(([key, value], index) => (
            <FieldInput
              key={key}
              name={key}
              original={value}
              value={values[key]}
              autoFocus={index === 0}
              error={wrong.includes(key) && say('approval.edit.wrong')}
              onChange={(next) => setValues({ ...values, [key]: next })}
            />
          ))}
        <Group gap="sm">
          <Button type="submit" disabled={unchanged}>
            {say('approval.review')}
          </Button>
          <Button variant="default" onClick={onBack}>
            {say('approval.back')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Empty lines are no entries of a list. */
const cleaned = (values: Arguments): Arguments =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, isList(value) ? value.filter((line) => line.trim()) : value]));

interface FieldInputProps {
  name: string;
  original: unknown;
  value: unknown;
  autoFocus: boolean;
  error: string | false;
  onChange: (value: unknown) => void;
}

function FieldInput({ name, original, value, onChange, autoFocus, error }: FieldInputProps) {
  const say = useSay();
  const label = useLabel()(name);
  const common = { label, error, 'data-autofocus': autoFocus || undefined };
  if (typeof original === 'boolean')
    return <Checkbox {...common} checked={value === true} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />;
  if (typeof original === 'number')
    return (
      <NumberInput
        {...common}
        size="md"
        hideControls
        value={value as number}
        onChange={(next) => onChange(next === '' ? 0 : Number(next))}
      />
    );
  if (isList(original))
    return (
      <Textarea
        {...common}
        size="md"
        autosize
        maxRows={12}
        description={say('approval.edit.lines')}
        value={(value as string[]).join('\n')}
        onChange={({ currentTarget }) => onChange(currentTarget.value.split('\n'))}
      />
    );
  const text = String(value ?? '');
  const onText = ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value);
  const long = String(original).length > LONG || String(original).includes('\n') || /body|text|message|content/i.test(name);
  if (long) return <Textarea {...common} size="md" autosize minRows={2} maxRows={16} value={text} onChange={onText} />;
  return <TextInput {...common} value={text} onChange={onText} />;
}
