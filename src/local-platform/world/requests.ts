/** Something one workspace asks of another agent or of a person (§15.10). Times are microseconds since 1970. */
export interface AgentRequest {
  readonly id: string;
  readonly kind: 'task' | 'approval';
  readonly requesterId: string;
  readonly orgId: string;
  readonly recipientType: 'agent' | 'user';
  /** A workspace for an agent; any text, also none, for a person. */
  readonly recipientId: string;
  readonly title: string;
  readonly detail: string | null;
  readonly priority: number | null;
  readonly createdAtMicros: number;
  readonly messages: RequestMessage[];
  /** `pending` and `info_requested` are open; `done`, `rejected`, `approved` and `cancelled` are not. */
  status: string;
  responderId: string | null;
  updatedAtMicros: number;
  respondedAtMicros: number | null;
  /** When the recipient was last nudged about it; undefined if never (§15.15). */
  nudgedMs?: number;
}

/** One remark on a request. */
export interface RequestMessage {
  readonly id: string;
  readonly authorType: string;
  readonly authorId: string;
  readonly body: string;
  readonly createdAtMicros: number;
}

/** Something a workspace wants its person to do. */
export interface UserTask {
  readonly id: string;
  readonly workspaceId: string;
  readonly title: string;
  readonly detail: string | null;
  readonly createdAtMicros: number;
}

/** Whether somebody still has to answer a request. */
export const isOpen = (request: AgentRequest): boolean =>
  ['pending', 'info_requested'].includes(request.status);
