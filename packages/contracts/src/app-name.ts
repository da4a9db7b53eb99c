const NAMES: Readonly<Record<string, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  gmail: 'Gmail',
  googlecalendar: 'Google Calendar',
  googledrive: 'Google Drive',
  googlesheets: 'Google Sheets',
  googledocs: 'Google Docs',
  hubspot: 'HubSpot',
  linkedin: 'LinkedIn',
  microsoft_teams: 'Microsoft Teams',
  onedrive: 'OneDrive',
  salesforce: 'Salesforce',
  clickup: 'ClickUp',
  youtube: 'YouTube',
};

/** What people call an app: `slack` → `Slack`, `github` → `GitHub`. One that is not listed gets its own letters with capitals. */
export function appName(app: string): string {
  return NAMES[app] ?? app.replace(/(^|[_-])([a-z0-9])/g, (_, gap: string, letter: string) => (gap && ' ') + letter.toUpperCase());
}
