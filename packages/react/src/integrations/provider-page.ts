const GOOGLE = 'https://myaccount.google.com/connections';
const MICROSOFT = 'https://account.live.com/consent/Manage';

/** Where a person takes an app's access away at the provider itself; only pages that we are sure of. */
const PAGES: Readonly<Record<string, string>> = {
  slack: 'https://slack.com/apps/manage',
  github: 'https://github.com/settings/applications',
  gmail: GOOGLE,
  googlecalendar: GOOGLE,
  googledrive: GOOGLE,
  googledocs: GOOGLE,
  googlesheets: GOOGLE,
  outlook: MICROSOFT,
  onedrive: MICROSOFT,
  dropbox: 'https://www.dropbox.com/account/connected_apps',
  linear: 'https://linear.app/settings/account/security',
};

export const providerPage = (app: string): string | undefined => PAGES[app];
