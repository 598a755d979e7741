import { describe, expect, it } from 'vitest';
import { agentCard } from '../../../src/domain/wire/agent-card.ts';

describe('agentCard', () => {
  it('has a name from the workspace id and no skills by default', () => {
    expect(agentCard('6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11', {})).toEqual({
      name: 'molecule-mcp-6f1f0b8e',
      skills: [],
    });
    expect(agentCard('😀23456789', {}).name).toBe('molecule-mcp-😀2345678');
  });

  it('takes what is configured, without the blanks', () => {
    expect(agentCard('w', { name: ' ops ', description: ' keeps things up ', skills: 'a, ,b c,' })).toEqual({
      name: 'ops',
      description: 'keeps things up',
      skills: [{ name: 'a' }, { name: 'b c' }],
    });
    expect(agentCard('w', { name: ' ', description: '\n', skills: ',' })).toEqual({
      name: 'molecule-mcp-w',
      skills: [],
    });
  });
});
