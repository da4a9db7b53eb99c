export { COMPOSIO_ALARMS, type ComposioAlarm } from './alarms.js';
export { type ComposioConfig, composioEnv } from './config.js';
export { COMPOSIO, createComposio } from './create.js';
export { accountId, entityId, isEntityId } from './entity-id.js';
export {
  ComposioError,
  ConnectSessionGone,
  CredentialsRefused,
  IdentityMismatch,
  InvalidRequest,
  Misconfigured,
  NotFound,
  OutcomeUnknown,
  OwnerMismatch,
  OwnerUnproven,
  RateLimited,
  type Said,
  Unavailable,
  WebhookRejected,
} from './errors.js';
export type {
  Account,
  AccountFilter,
  AccountId,
  AccountStatus,
  App,
  AppInfo,
  Call,
  ComposioPort,
  Cursor,
  EntityId,
  Page,
  PinnedAccount,
  Removal,
  StartedConnection,
  ToolDefinition,
  ToolName,
  ToolOutcome,
  VerifyWebhook,
  WebhookEvent,
} from './port.js';
export { verifyWebhook } from './webhook.js';
