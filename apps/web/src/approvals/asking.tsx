import type { ApprovalView } from '@gatehouse/contracts';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSay } from '../words/say.js';
import { deedOf } from './deed.js';
import { recipientsOf, touchedBy } from './fields.js';

/** From this many people on, a slip of the finger is not enough. */
const MANY = 10;

interface AskingProps {
  approval: Pick<ApprovalView, 'tool' | 'class' | 'arguments'>;
  busy: boolean;
  onYes: () => void;
  onEdit: () => void;
  onNo: () => void;
}

/** Yes, other words, or no. What cannot be undone, or reaches many, asks for its number first. */
export function Asking({ approval, busy, onYes, onEdit, onNo }: AskingProps) {
  const say = useSay();
  const [confirming, setConfirming] = useState(false);
  const deed = deedOf(approval.tool);
  const number = numberToType(approval);
  if (confirming && number)
    return (
      <TypeNumber
        number={number}
        destructive={approval.class === 'destructive'}
        yes={say(deed.yes)}
        busy={busy}
        onYes={onYes}
        onBack={() => setConfirming(false)}
      />
    );
  return (
    <Group gap="sm">
      <Button
        data-approve=""
        loading={busy}
        {...redFor(approval.class === 'destructive')}
        onClick={number ? () => setConfirming(true) : onYes}
      >
        {say(deed.yes)}
      </Button>
      <Button variant="default" disabled={busy} onClick={onEdit}>
        {say('approval.edit')}
      </Button>
      <Button variant="default" disabled={busy} onClick={onNo}>
        {say(deed.no)}
      </Button>
    </Group>
  );
}

const redFor = (destructive: boolean) => (destructive ? { color: 'red' } : {});

/** How many things are touched, or people reached, where that has to be typed; undefined where it has not. */
export function numberToType({ class: is, arguments: args }: AskingProps['approval']): number | undefined {
  const people = recipientsOf(args);
  if (is === 'destructive') return Math.max(people, touchedBy(args));
  return people > MANY ? people : undefined;
}

interface TypeNumberProps {
  number: number;
  destructive: boolean;
  yes: string;
  busy: boolean;
  onYes: () => void;
  onBack: () => void;
}

export function TypeNumber({ number, destructive, yes, busy, onYes, onBack }: TypeNumberProps) {
  const say = useSay();
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const right = typed.trim() === String(number);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (right && !busy) onYes();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          ref={input}
          label={say(destructive ? 'approval.type.destructive' : 'approval.type.many', { number })}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Group gap="sm">
          <Button type="submit" {...redFor(destructive)} disabled={!right} loading={busy}>
            {yes}
          </Button>
          <Button variant="default" onClick={onBack}>
            {say('approval.back')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
