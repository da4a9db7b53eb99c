/** What identity accepts as a new password. */
export const PASSWORD = { autoComplete: 'new-password', minLength: 12, maxLength: 128, required: true, withAsterisk: false } as const;
