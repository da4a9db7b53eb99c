import { useMe } from '@gatehouse/react';
import { ForeignName } from '@gatehouse/react/parts';
import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
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

export function UserMenu() {
  const say = useSay();
  const { data: me } = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" size={44} aria-label={say('shell.account')}>
          <IconUserCircle size={26} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me && (
          <Menu.Label>
            <ForeignName text={me.email ?? me.name ?? me.userId} />
          </Menu.Label>
        )}
        <Menu.Label>{say('shell.theme')}</Menu.Label>
        {THEMES.map(({ value, word }) => (
          <Menu.Item key={value} role="menuitemradio" aria-checked={colorScheme === value} onClick={() => setColorScheme(value)}>
            {say(word)}
            {colorScheme === value && ' ✓'}
          </Menu.Item>
        ))}
        <Menu.Label>{say('shell.language')}</Menu.Label>
        {SPOKEN.map(({ value, name }) => (
          <Menu.Item key={value} lang={value} role="menuitemradio" aria-checked={language() === value} onClick={() => speak(value)}>
            {name}
            {language() === value && ' ✓'}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{say('shell.sign-out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
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
