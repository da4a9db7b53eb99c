import type { FastifyReply, FastifyRequest } from 'fastify';

const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/**
 * `__Host-`: set by this host alone, over https (or localhost), for all paths. `signIn` is the way back after signing in, `oidc` the trip to a
 * provider; `connect` belongs to the connections app and is passed through.
 */
export const cookies = { session: '__Host-session', signIn: '__Host-sign-in', oidc: '__Host-oidc', connect: '__Host-connect' };

export function cookie(request: FastifyRequest, name: string): string | undefined {
  const start = `${name}=`;
  return request.headers.cookie
    ?.split(/; */)
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}

/** `maxAgeSeconds` 0 clears it. A cookie set twice in one answer keeps the last value. */
export function setCookie(reply: FastifyReply, name: string, value: string, maxAgeSeconds: number): void {
  const earlier = [reply.getHeader('set-cookie') ?? []].flat().map(String);
  const kept = earlier.filter((line) => !line.startsWith(`${name}=`));
  void reply.removeHeader('set-cookie');
  void reply.header('set-cookie', [...kept, `${name}=${value}; Max-Age=${maxAgeSeconds}; ${ATTRIBUTES}`]);
}
