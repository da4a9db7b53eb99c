import { type App, fields, flag, text, texts, whole } from './tool.js';

const calendar = text('ID of the calendar; `primary` is the main one of the connected person.', {
  default: 'primary',
  examples: ['primary'],
});
const event = text('ID of the event.');
const start = text('Start, as ISO 8601 without a time zone.', { examples: ['2026-11-24T09:00:00'] });

export const googlecalendar: App = {
  slug: 'googlecalendar',
  name: 'Google Calendar',
  description: 'Google Calendar holds appointments and invites people to them.',
  category: 'Scheduling',
  scopes: ['https://www.googleapis.com/auth/calendar'],
  tools: [
    {
      slug: 'GOOGLECALENDAR_CREATE_EVENT',
      name: 'Create event',
      description: 'Creates an event in a Google Calendar and invites the people named.',
      kind: 'write',
      input: fields(
        {
          calendar_id: calendar,
          summary: text('Title of the event.'),
          description: text('What it is about.'),
          start_datetime: start,
          timezone: text('IANA time zone of the start.', { examples: ['Europe/Vienna'] }),
          event_duration_hour: whole('Length: hours.', { default: 0, minimum: 0, maximum: 24 }),
          event_duration_minutes: whole('Length: minutes.', { default: 30, minimum: 0, maximum: 59 }),
          attendees: texts('E-mail addresses of those invited.'),
          location: text('Where it is.'),
          create_meeting_room: flag('Whether a video call is added.', { default: false }),
        },
        ['start_datetime'],
      ),
    },
    {
      slug: 'GOOGLECALENDAR_EVENTS_LIST',
      name: 'List events',
      description: 'Lists the events of a Google Calendar between two times.',
      kind: 'read',
      input: fields({
        calendarId: calendar,
        timeMin: text('Not before this RFC 3339 time.', { examples: ['2026-11-24T00:00:00Z'] }),
        timeMax: text('Not after this RFC 3339 time.'),
        maxResults: whole('How many events at most.', { default: 250, minimum: 1, maximum: 2500 }),
        singleEvents: flag('Whether repeated events are listed one by one.', { default: true }),
      }),
    },
    {
      slug: 'GOOGLECALENDAR_FIND_FREE_SLOTS',
      name: 'Find free slots',
      description: 'Finds times at which the named Google Calendars are free.',
      kind: 'read',
      input: fields({
        items: texts('IDs of the calendars.'),
        time_min: text('From.'),
        time_max: text('To.'),
        timezone: text('IANA time zone.'),
      }),
    },
    {
      slug: 'GOOGLECALENDAR_GET_CALENDAR',
      name: 'Get calendar',
      description: "Reads one Google Calendar; the ID of the primary one is the connected person's address.",
      kind: 'read',
      profile: true,
      input: fields({ calendar_id: calendar }),
    },
    {
      slug: 'GOOGLECALENDAR_UPDATE_EVENT',
      name: 'Update event',
      description: 'Changes an event in a Google Calendar.',
      kind: 'write',
      input: fields(
        { calendar_id: calendar, event_id: event, summary: text('New title.'), start_datetime: start, location: text('New place.') },
        ['event_id', 'start_datetime'],
      ),
    },
    {
      slug: 'GOOGLECALENDAR_DELETE_EVENT',
      name: 'Delete event',
      description: 'Deletes an event from a Google Calendar, for everybody invited.',
      kind: 'destructive',
      input: fields({ calendar_id: calendar, event_id: event }, ['event_id']),
    },
  ],
};
