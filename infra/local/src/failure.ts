/** Something that a person can put right: shown as one sentence, without a stack. */
export class Failure extends Error {
  override name = 'Failure';
}

/** Runs a command of ours; ends the process with 1 and one sentence when it fails. */
export async function command(work: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${sentence(error)}\n`);
    process.exitCode = 1;
  }
}

/** What went wrong, in the words that help. An error nobody foresaw keeps its stack. */
export function sentence(error: unknown): string {
  if (error instanceof Failure) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC') return 'The disk is full: free some space and start again.';
  if (code === 'EACCES' || code === 'EPERM') return `No permission: ${(error as Error).message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
