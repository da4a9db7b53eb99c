import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import { useSay } from '../../words/say.js';
import { useRefreshAdmin } from './use-admin.js';

const REASON = { least: 3, most: 500 };
/** A deed that touches more than so many asks for the number by keyboard. */
const FEW = 10;

export interface Look {
  touches: number;
  /** What would happen, with its number. */
  says: ReactNode;
}
export interface Act {
  title: string;
  /** On the button that does it. */
  word: string;
  look: (reason: string) => Promise<Look>;
  /** Says what happened. */
  act: (reason: string) => Promise<ReactNode>;
  /** It makes sense also when nothing is touched by now: it is for what comes. */
  evenForNone?: boolean;
}

/** A deed of an operator: a reason, then a dry run that says what it touches, then the deed, then what came of it. */
export function ActDialog({ deed, onClose }: { deed: Act | undefined; onClose: () => void }) {
  const say = useSay();
  return (
    <Modal opened={deed !== undefined} onClose={onClose} title={deed?.title} closeButtonProps={{ 'aria-label': say('admin.act.close') }}>
      {deed && <Steps deed={deed} onClose={onClose} />}
    </Modal>
  );
}

function Steps({ deed, onClose }: { deed: Act; onClose: () => void }) {
  const say = useSay();
  const { reason, setReason, typed, setTyped, look, act, may, submit } = useSteps(deed);
  const number = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  // Where a second Enter does no harm: the button that looked gives its place to the one that acts.
  useEffect(() => {
    if (look.isSuccess) (number.current ?? cancel.current)?.focus();
  }, [look.isSuccess]);
  if (act.isSuccess) return <Done says={act.data} onClose={onClose} />;
  const failed = look.error ?? act.error;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Reason value={reason} onChange={setReason} />
        <div role="status">
          {look.data && (
            <Alert color="blue" variant="light">
              {look.data.says}
            </Alert>
          )}
        </div>
        {look.data && look.data.touches > FEW && <Confirm ref={number} touches={look.data.touches} value={typed} onChange={setTyped} />}
        {failed && <ProblemNote error={failed} />}
        <Group justify="end">
          <Button ref={cancel} variant="default" onClick={onClose}>
            {say('admin.act.cancel')}
          </Button>
          {look.isSuccess ? (
            <Button key="act" type="submit" color="red" disabled={!may} loading={act.isPending}>
              {deed.word}
            </Button>
          ) : (
            <Button key="look" type="submit" disabled={reason.trim().length < REASON.least} loading={look.isPending}>
              {say('admin.act.look')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** First the dry run, and the deed only after it. */
function useSteps(deed: Act) {
  const refresh = useRefreshAdmin();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const look = useMutation({ mutationFn: deed.look });
  const act = useMutation({ mutationFn: deed.act, onSettled: refresh });
  const touches = look.data?.touches ?? 0;
  const may = look.isSuccess && (touches > 0 || deed.evenForNone) && (touches <= FEW || typed.trim() === String(touches));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!look.isSuccess) look.mutate(reason.trim());
    else if (may) act.mutate(reason.trim());
  };
  return { reason, setReason, typed, setTyped, look, act, may, submit };
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
}

function Reason({ value, onChange }: FieldProps) {
  const say = useSay();
  return (
    <Textarea
      label={say('admin.act.reason')}
      description={say('admin.act.reason.kept')}
      required
      withAsterisk={false}
      data-autofocus
      minLength={REASON.least}
      maxLength={REASON.most}
      size="md"
      autosize
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function Confirm({ ref, touches, value, onChange }: FieldProps & { ref: Ref<HTMLInputElement>; touches: number }) {
  const say = useSay();
  return (
    <TextInput
      ref={ref}
      label={say('admin.act.type', { count: touches, number: String(touches) })}
      inputMode="numeric"
      autoComplete="off"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function Done({ says, onClose }: { says: ReactNode; onClose: () => void }) {
  const say = useSay();
  return (
    <Stack>
      <Text component="div" role="status">
        {says}
      </Text>
      <Group justify="end">
        <Button variant="default" onClick={onClose} ref={focus}>
          {say('admin.act.close')}
        </Button>
      </Group>
    </Stack>
  );
}

const focus = (button: HTMLButtonElement | null): void => button?.focus();
