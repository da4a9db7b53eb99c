/** The person at the keyboard has to write something else: exit code 2. */
export class Usage extends Error {
  override readonly name = 'Usage';
}

/** It was asked rightly and cannot be done: exit code 1. */
export class Failed extends Error {
  override readonly name = 'Failed';
}
