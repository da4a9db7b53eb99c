import { InternalTokens, RuntimeModule } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './access/auth.guard.js';
import { Callers } from './access/callers.js';
import { Streams } from './access/limits.js';
import { config } from './config.js';
import { ForwardController } from './forward/forward.controller.js';
import { Forward } from './forward/forward.js';
import { PagesController } from './pages/pages.controller.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { Box } from './sessions/box.js';
import { BuiltinController } from './sessions/builtin.controller.js';
import { BuiltinSource } from './sessions/builtin-source.js';
import { issuersOf } from './sessions/issuers.js';
import { OidcController } from './sessions/oidc.controller.js';
import { OidcSignIn } from './sessions/oidc-sign-in.js';
import { OidcSource } from './sessions/oidc-source.js';
import { SESSION_SOURCE } from './sessions/session-source.js';
import { Sessions } from './sessions/sessions.js';
import { SignInPages } from './sessions/sign-in-pages.js';
import { SignOutController } from './sessions/sign-out.controller.js';
import { GatewayConsumer } from './stream/gateway.consumer.js';
import { LiveEvents } from './stream/live-events.js';
import { StreamController } from './stream/stream.controller.js';

const builtin = config.AUTH_MODE === 'builtin';
const oidc = new OidcSource({
  issuer: config.AUTH_ISSUER ?? config.PUBLIC_URL,
  clientId: config.OIDC_CLIENT_ID ?? '',
  clientSecret: config.OIDC_CLIENT_SECRET,
  resource: config.OIDC_RESOURCE,
  redirectUri: `${config.PUBLIC_URL}/auth/callback`,
});

@Module({
  imports: [RuntimeModule.for(config)],
  controllers: [builtin ? BuiltinController : OidcController, SignOutController, StreamController, PagesController, ForwardController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: AccessTokens, useFactory: () => new AccessTokens(issuersOf(config, oidc)) },
    { provide: Box, useFactory: () => new Box(config.SESSION_KEYS) },
    {
      provide: BuiltinSource,
      useFactory: (tokens: InternalTokens) => new BuiltinSource(config.IDENTITY_URL ?? '', tokens),
      inject: [InternalTokens],
    },
    { provide: OidcSource, useValue: oidc },
    { provide: SESSION_SOURCE, useExisting: builtin ? BuiltinSource : OidcSource },
    ...(builtin ? [] : [OidcSignIn]),
    Callers,
    Streams,
    Sessions,
    SignInPages,
    Forward,
    LiveEvents,
    GatewayConsumer,
  ],
})
export class AppModule {}
