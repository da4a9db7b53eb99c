import type { FailPoint, MessagingConfig } from './messaging-env.js';

/** What to call at that place: it kills this process as `kill -9` would, if the environment asks for it, and else does nothing. */
export function failPoint({ FAIL_POINT, NODE_ENV }: MessagingConfig, name: FailPoint): () => void {
  if (FAIL_POINT !== undefined && NODE_ENV === 'production') throw new Error('FAIL_POINT is for tests');
  return FAIL_POINT === name ? () => process.kill(process.pid, 'SIGKILL') : () => undefined;
}
