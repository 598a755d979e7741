/** A line for a person, emitted once per change and not once per try. It names no workspace: whoever prints it does. */
export interface Notice {
  readonly type: 'notice';
  readonly level: NoticeLevel;
  readonly text: string;
}

/** As in the `Logger` port. */
export type NoticeLevel = 'info' | 'warn' | 'error';
