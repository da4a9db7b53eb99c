import type { Way } from '@gatehouse/react/integrations';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';

/** Our router takes the links of the Integrations pages over. */
export function useWay(): Way {
  const router = useRouter();
  return useMemo(
    () => ({
      href: (app) => `/settings/integrations${app ? `/${encodeURIComponent(app)}` : ''}`,
      run: (id) => `/runs/${id}`,
      go: (href) => void router.navigate({ href }),
    }),
    [router],
  );
}
