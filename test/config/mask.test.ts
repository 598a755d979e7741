import { expect, it } from 'vitest';
import { shownWords } from '../../src/config/mask.ts';

it.each([
  [['npx', '-y', 'molecule-mcp'], 'npx -y molecule-mcp'],
  [['https://me:SECRET@a.example/mcp?key=SECRET'], 'https://***@a.example/mcp'],
  [
    ['mcp-remote', 'https://a.example/', '--header', 'Authorization: Bearer SECRET'],
    'mcp-remote https://a.example --header ***',
  ],
  [['x', '-H', 'X-Key: SECRET', '--verbose', '1'], 'x -H *** --verbose 1'],
  [['x', '--api-key=SECRET', 'TOKEN=SECRET', '--level=3'], 'x --api-key=*** TOKEN=*** --level=3'],
  [['x', `sk-${'a'.repeat(30)}`], 'x [REDACTED]'],
  [['x\n[molecule-inbox] forged'], 'x\\n[molecule-inbox] forged'],
])('a command line %j is shown as %s', (words, shown) => expect(shownWords(words)).toBe(shown));
