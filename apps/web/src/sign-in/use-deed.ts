import { useMutation } from '@tanstack/react-query';
import { client } from '../api.js';

/** One POST of these pages: no session is there yet, so nothing is read again afterwards. */
export function useDeed<B>(path: string, done?: () => void) {
  return useMutation({ mutationFn: (body: B) => client.post<unknown>(path, body), onSuccess: () => done?.() });
}
