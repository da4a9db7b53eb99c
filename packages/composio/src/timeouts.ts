export const READ_MS = 10_000;
export const WRITE_MS = 20_000;
export const EXECUTE_MS = 60_000;
