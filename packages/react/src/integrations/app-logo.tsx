import type { AppInfoView } from '@gatehouse/contracts';
import { Avatar } from '@mantine/core';

/** Beside the name, so it says nothing itself. Without a picture: the first letter. */
export function AppLogo({ info, size = 40 }: { info: AppInfoView; size?: number }) {
  return (
    <Avatar src={info.logo} alt="" size={size} radius="sm" aria-hidden="true" color="gray" style={{ flex: 'none' }}>
      {info.name.slice(0, 1)}
    </Avatar>
  );
}
