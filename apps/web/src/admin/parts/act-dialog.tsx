import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
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
  if (act.isSuccess) return <Done says={act.data} onClose={onClose} />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label={say('admin.act.reason')}
          description={say('admin.act.reason.kept')}
          required
          withAsterisk={false}
          minLength={REASON.least}
          maxLength={REASON.most}
          size="md"
          autosize
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <div role="status">
          {look.data && (
            <Alert color="blue" variant="light">
              {look.data.says}
            </Alert>
          )}
        </div>
        {look.isSuccess && touches > FEW && (
          <TextInput
            label={say('admin.act.type', { count: touches, number: String(touches) })}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        {(look.error ?? act.error) && <ProblemNote error={look.error ?? act.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {say('admin.act.cancel')}
          </Button>
          {look.isSuccess ? (
            <Button type="submit" color="red" disabled={!may} loading={act.isPending}>
              {deed.word}
            </Button>
          ) : (
            <Button type="submit" disabled={reason.trim().length < REASON.least} loading={look.isPending}>
              {say('admin.act.look')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
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
        <Button variant="default" onClick={onClose} data-autofocus>
          {say('admin.act.close')}
        </Button>
      </Group>
    </Stack>
  );
}
