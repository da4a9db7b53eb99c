import { z } from 'zod';
import { userId } from './ids.js';
import type { Route } from './route.js';

/** A product's backend names a user of its own; the same id and address again is the same user. The product vouches for the address. */
export const createUser = z
  .strictObject({ userId: userId.optional(), email: z.email().max(320), name: z.string().trim().min(1).max(200).optional() })
  .meta({ id: 'CreateUser' });
export type CreateUserRequest = z.output<typeof createUser>;
export const user = z.object({ userId, created: z.boolean() }).meta({ id: 'User' });

export const me = z
  .object({
    userId,
    email: z.string().nullable(),
    name: z.string().nullable(),
    roles: z.array(z.string()),
    hasPassword: z.boolean().optional(),
  })
  .meta({ id: 'Me' });
export type MeView = z.output<typeof me>;

/** The password again, since this cannot be undone. */
export const deleteMe = z.strictObject({ password: z.string().min(1).max(128) }).meta({ id: 'DeleteMe' });
export type DeleteMe = z.output<typeof deleteMe>;

export const signUp = z
  .strictObject({ email: z.email().max(320), password: z.string().min(12).max(128), name: z.string().trim().min(1).max(200) })
  .meta({ id: 'SignUp' });
export const signIn = z.strictObject({ email: z.email().max(320), password: z.string().min(1).max(128) }).meta({ id: 'SignIn' });

export const usersRoutes: readonly Route[] = [
  {
    app: 'identity',
    method: 'post',
    path: '/v1/users',
    by: 'product',
    summary: 'Create a user; the same id again is the same user',
    status: 201,
    body: createUser,
    response: user,
  },
  {
    app: 'identity',
    method: 'delete',
    path: '/v1/users/{id}',
    by: 'product',
    summary: 'Delete a user and all that is theirs',
    status: 204,
    params: z.object({ id: userId }),
  },
  { app: 'identity', method: 'get', path: '/v1/me', by: 'user', summary: 'Who I am', response: me },
  {
    app: 'identity',
    method: 'delete',
    path: '/v1/me',
    by: 'user',
    summary: 'Delete me and all that is mine; 409 for a user whom a product made',
    status: 204,
    body: deleteMe,
  },
  {
    app: 'identity',
    method: 'post',
    path: '/auth/sign-up/email',
    by: 'anyone',
    summary: 'Sign up; a mail proves the address',
    status: 200,
    body: signUp,
  },
  {
    app: 'identity',
    method: 'post',
    path: '/auth/verify-email',
    by: 'anyone',
    summary: 'Prove an address with the token of the mail',
    status: 200,
    body: z.strictObject({ token: z.string().min(1).max(2000) }),
  },
  {
    app: 'gateway',
    method: 'post',
    path: '/auth/sign-in',
    by: 'anyone',
    summary: 'Sign in: sets the session cookie',
    status: 200,
    body: signIn,
  },
  { app: 'gateway', method: 'post', path: '/auth/sign-out', by: 'user', summary: 'Sign out', status: 204 },
  {
    app: 'gateway',
    method: 'get',
    path: '/v1/stream',
    by: 'user',
    summary: 'Connections, runs and inbox, live',
    contentType: 'text/event-stream',
  },
];
