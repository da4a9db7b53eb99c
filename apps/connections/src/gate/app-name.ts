/** Names that are not their slug with a capital. The gate asks nobody, Composio included. */
const NAMES: Readonly<Record<string, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  googlecalendar: 'Google Calendar',
  googledocs: 'Google Docs',
  googledrive: 'Google Drive',
  googlesheets: 'Google Sheets',
  hubspot: 'HubSpot',
  linkedin: 'LinkedIn',
  onedrive: 'OneDrive',
  youtube: 'YouTube',
};

/** An app as a person writes it: `slack` → Slack, `github` → GitHub, `google_maps` → Google Maps. */
export function appName(app: string): string {
  return (
    NAMES[app] ??
    app
      .split(/[_-]+/)
      .filter(Boolean)
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join(' ')
  );
}
