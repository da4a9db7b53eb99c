import { Alert } from '@mantine/core';
import { useSay } from '../parts/say.js';
import { useTimes } from './use-times.js';
import { reasonOf } from './words-of.js';

/** Why something about connecting was refused. */
export function ReasonNote({ error, app }: { error: unknown; app: string }) {
  const say = useSay();
  const { clock } = useTimes();
  const { id, values } = reasonOf(error, app, clock);
  return (
    <Alert variant="light" color="red" role="alert">
      {say(id, values)}
    </Alert>
  );
}
