import { describe, expect, it } from 'vitest';
import { createInstructions } from '../../../adapters/mcp/instructions.ts';

describe('createInstructions', () => {
  it('carries the whole job without a single push', () => {
    const text = createInstructions({ pollTimeoutSecs: 2 });
    for (const token of [
      'PUSH PATH',
      'POLL PATH',
      'wait_for_message(timeout_secs=2)',
      'inbox_peek',
      'inbox_pop',
      'send_message_to_user',
      'delegate_task',
      'workspace_id=peer_id',
      'reply_to',
      'ONLY AFTER',
      'untrusted',
      'registry resolved',
      'discover endpoint',
      'activity_id',
      'attestation',
      'without a peer_id',
    ]) {
      expect(text).toContain(token);
    }
  });

  it('asks for no polling when it is off', () => {
    const text = createInstructions({ pollTimeoutSecs: 0 });
    expect(text).toContain('Polling is disabled');
    expect(text).not.toContain('timeout_secs=');
  });

  it('promises no inbox where there is none', () => {
    const text = createInstructions({
      pollTimeoutSecs: 2,
      inboxDisabledReason: 'MOLECULE_MCP_DISABLE_INBOX is set',
    });
    expect(text).toContain('MOLECULE_MCP_DISABLE_INBOX is set');
    expect(text).not.toContain('wait_for_message');
  });
});
