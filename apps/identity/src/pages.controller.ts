import { Access } from '@gatehouse/runtime';
import { Controller, Get, Header, Query } from '@nestjs/common';
import { z } from 'zod';
import { escapeHtml, page } from './page.js';

const query = z.object({ token: z.string().min(1).max(2000) });
type WithToken = z.output<typeof query>;

/** Where the links of the two mails lead: plain forms that work without a script. To open one changes nothing. */
@Controller('auth')
@Access('anyone')
export class PagesController {
  @Get('verify')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  verify(@Query({ schema: query }) { token }: WithToken): string {
    return page(
      'Confirm your e-mail address',
      `<form method="post" action="/auth/verify-email"><input type="hidden" name="token" value="${escapeHtml(token)}">
<button>Confirm</button></form>`,
    );
  }

  @Get('reset')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  reset(@Query({ schema: query }) { token }: WithToken): string {
    return page(
      'Choose a new password',
      `<form method="post" action="/auth/reset-password"><input type="hidden" name="token" value="${escapeHtml(token)}">
<label>New password, at least 12 characters
<input type="password" name="newPassword" minlength="12" maxlength="128" autocomplete="new-password" required></label>
<button>Save</button></form>`,
    );
  }
}
