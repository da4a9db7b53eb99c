/** Everything that is said outside of the pages. The same in each language, so that none can lack a sentence. */
export interface Words {
  /** For dates and lists. */
  locale: string;
  broken(app: string): string;
  /** `status` is Composio's. Never a provider's own error text: it may say anything. */
  brokenText(app: string, status: string, day: string): string;
  blocked(apps: string): string;
  /** What the gate said of an app, by its state. */
  blockedText(app: string, state: string): string;
  approval: string;
  approvalText(summary: string): string;
  reminder(subject: string): string;
  severalApps(count: number, apps: string): string;
  several(count: number): string;
  foot: string;
  test: string;
  testText: string;
  leave: Record<'title' | 'text' | 'button' | 'done' | 'doneText' | 'unreadable' | 'unreadableText' | 'settings', string>;
}
