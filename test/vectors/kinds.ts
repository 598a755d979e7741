import type { VectorKind } from './kind.ts';
import { extractTextKind, rewriteKind, sanitiseFileNameKind } from './kinds/bodies.ts';
import { agentCardKind, pollTimeoutKind, workspacesEnvKind } from './kinds/configuration.ts';
import { heartbeatEscalationKind } from './kinds/escalation.ts';
import { identityFieldKind, notificationKind, peerIdKind } from './kinds/notification.ts';
import { redactSecretsKind } from './kinds/redaction.ts';
import { classifyKind, selfNotifyKind } from './kinds/rows.ts';

/** Every kind of vector, by the name of its file; a file that is not here fails. */
export const vectorKinds: ReadonlyMap<string, VectorKind> = new Map([
  ['agent_card.json', agentCardKind],
  ['classify.json', classifyKind],
  ['extract_text.json', extractTextKind],
  ['heartbeat_escalation.json', heartbeatEscalationKind],
  ['identity_field.json', identityFieldKind],
  ['notification.json', notificationKind],
  ['peer_id.json', peerIdKind],
  ['poll_timeout.json', pollTimeoutKind],
  ['redact_secrets.json', redactSecretsKind],
  ['rewrite.json', rewriteKind],
  ['sanitize_filename.json', sanitiseFileNameKind],
  ['self_notify.json', selfNotifyKind],
  ['workspaces_env.json', workspacesEnvKind],
]);
