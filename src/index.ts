/**
 * molecule-inbox as a library: the bridge without MCP, for an agent that lives in the same process.
 * Everything else of this package is internal.
 */
export type { Attachment, AttachmentStatus, InboxMessage, MessageKind } from './domain/message.ts';
export type { Logger } from './domain/ports/runtime.ts';
export type { Bridge, BridgeConfig, Subscribable, WorkspaceToJoin } from './library/bridge-api.ts';
export { createBridge } from './library/create-bridge.ts';
