/** Something that an agent wanted remembered (§9). */
export interface Memory {
  readonly id: string;
  readonly workspaceId: string;
  readonly content: string;
  /** `LOCAL`, `TEAM` or `GLOBAL`. */
  readonly scope: string;
  readonly namespace: string;
  readonly createdAtMicros: number;
}
