import { useMe } from '@gatehouse/react';
import { ForeignName } from '@gatehouse/react/parts';
import { ActionIcon, Button, Divider, type MantineColorScheme, Paper, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { client, queries } from '../api.js';
import { choose, language, type WordId } from '../words/index.js';
import { useSay } from '../words/say.js';

const THEMES: readonly { value: MantineColorScheme; word: WordId }[] = [
  { value: 'auto', word: 'shell.theme.system' },
  { value: 'light', word: 'shell.theme.light' },
  { value: 'dark', word: 'shell.theme.dark' },
];
const SPOKEN = [
  { value: 'en', name: 'English' },
  { value: 'de', name: 'Deutsch' },
] as const;

/** Who is signed in, and the settings of this browser. The browser's own popover: it closes on Esc and a click beside it, and gives the focus back. */
export function UserMenu() {
  const say = useSay();
  const id = useId();
  const { data: me } = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <ActionIcon variant="subtle" size={44} aria-label={say('shell.account')} popoverTarget={id}>
        <IconUserCircle size={26} stroke={1.6} aria-hidden />
      </ActionIcon>
      <Paper id={id} popover="auto" withBorder shadow="md" p="sm" className="account">
        <Stack gap={2}>
          {me && (
            <Text size="sm" c="dimmed" mb="xs">
              <ForeignName text={me.email ?? me.name ?? me.userId} />
            </Text>
          )}
          <Choices title={say('shell.theme')}>
            {THEMES.map(({ value, word }) => (
              <Choice key={value} chosen={colorScheme === value} onClick={() => setColorScheme(value)}>
                {say(word)}
              </Choice>
            ))}
          </Choices>
          <Choices title={say('shell.language')}>
            {SPOKEN.map(({ value, name }) => (
              <Choice key={value} lang={value} chosen={language() === value} onClick={() => speak(value)}>
                {name}
              </Choice>
            ))}
          </Choices>
          <Divider my="xs" />
          <Choice onClick={() => void signOut()}>{say('shell.sign-out')}</Choice>
        </Stack>
      </Paper>
    </>
  );
}

function Choices({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Stack gap={2} mb="xs" role="group" aria-labelledby={id}>
      <Text size="sm" c="dimmed" id={id}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

interface ChoiceProps {
  /** Left out where it is no choice but a deed. */
  chosen?: boolean;
  lang?: string;
  onClick: () => void;
  children: ReactNode;
}

function Choice({ chosen, children, ...button }: ChoiceProps) {
  return (
    <Button
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      size="sm"
      px="xs"
      justify="flex-start"
      aria-pressed={chosen}
      {...button}
    >
      {children}
      {chosen && ' ✓'}
    </Button>
  );
}

function speak(value: 'en' | 'de'): void {
  choose(value);
  location.reload();
}

/** All that was read goes with the session. */
async function signOut(): Promise<void> {
  await client.ask('POST', '/auth/sign-out', { body: {} }).catch(() => undefined);
  queries.clear();
  location.assign('/auth/sign-in');
}
