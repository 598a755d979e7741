import { describe, expect, it } from 'vitest';
import {
  type AttachmentFacts,
  chooseAttachmentRoots,
  whyNotAttach,
} from '../../../src/domain/files/attachment-policy.ts';

const rules = {
  roots: ['/work/project'],
  closedFolders: ['/work/project/.state', '/work/project/uploads'],
  workspaceId: 'w1',
  separator: '/' as const,
};
const file = (path: string, more: Partial<AttachmentFacts> = {}): AttachmentFacts => ({
  path,
  kind: 'file',
  stagedAt: null,
  ...more,
});

describe('whyNotAttach (W-55)', () => {
  it.each([
    '/work/project/a.txt',
    '/work/project/deep/er/id_rsa.pub',
    '/work/project/tokens.ts',
    '/work/project/secret-garden.pdf',
  ])('allows %s', (path) => {
    expect(whyNotAttach(file(path), rules)).toBeNull();
  });

  it.each(['/etc/shadow', '/work/project-2/a.txt', '/work/a.txt', '/', '/home/u/.ssh/id_rsa'])(
    'refuses %s: outside',
    (path) => {
      expect(whyNotAttach(file(path), rules)).toContain('/work/project');
    },
  );

  it.each(['/work/project/.env', '/work/project/.git/config', '/work/project/a/.b/c.txt'])(
    'refuses %s: hidden',
    (path) => {
      expect(whyNotAttach(file(path), rules)).toContain('hidden');
    },
  );

  it.each([
    'id_rsa',
    'ID_ED25519',
    'id_rsa.old',
    'server.pem',
    'cert.KEY',
    'auth_token',
    'my-token.txt',
    'tokens.json',
    'credentials.json',
    'aws_credentials',
    'service-account.json',
    'prod.env',
    'passwords.csv',
    'shadow',
    'vault.kdbx',
  ])('refuses %s: a key or token by its name', (name) => {
    expect(whyNotAttach(file(`/work/project/${name}`), rules)).toContain('looks like a key');
  });

  it.each([
    '/work/project/.state/.auth_token',
    '/work/project/.STATE/events.jsonl',
    '/work/project/uploads/x.txt',
  ])('refuses %s: the own state, even where a root names it', (path) => {
    const wide = { ...rules, roots: ['/work/project', '/work/project/.state', path] };
    expect(whyNotAttach(file(path), wide)).toContain("bridge's own state");
  });

  it('allows what a root names exactly: a hidden folder, a hidden file, a key', () => {
    const exact = {
      ...rules,
      roots: ['/home/u/.config', '/home/u/.bashrc', '/home/u/.ssh/id_rsa', '/home/u/.ssh'],
    };
    expect(whyNotAttach(file('/home/u/.config/app.toml'), exact)).toBeNull();
    expect(whyNotAttach(file('/home/u/.bashrc'), exact)).toBeNull();
    expect(whyNotAttach(file('/home/u/.ssh/id_rsa'), exact)).toBeNull();
    expect(whyNotAttach(file('/home/u/.config/.deeper/x'), exact)).toContain('hidden');
    expect(whyNotAttach(file('/home/u/.ssh/id_ed25519'), exact)).toContain('looks like a key');
  });

  it('allows a staged file to where it came from, and only there', () => {
    const staged = '/work/project/uploads/0123-a.txt';
    expect(whyNotAttach(file(staged, { stagedAt: 'w1' }), rules)).toBeNull();
    expect(whyNotAttach(file('/elsewhere/x', { stagedAt: 'w1' }), rules)).toBeNull();
    expect(whyNotAttach(file(staged, { stagedAt: 'w2' }), rules)).toContain('w2');
    expect(whyNotAttach(file('/work/project/copy.txt', { stagedAt: 'w2' }), rules)).toContain('w2');
  });

  it('refuses what is no regular file', () => {
    expect(whyNotAttach(file('/work/project/src', { kind: 'folder' }), rules)).toContain('folder');
    expect(whyNotAttach(file('/work/project/pipe', { kind: 'special' }), rules)).toContain('regular');
    expect(whyNotAttach(file('/x', { kind: 'special', stagedAt: 'w1' }), rules)).toContain('regular');
  });

  it('refuses everything when there is no root', () => {
    expect(whyNotAttach(file('/work/project/a.txt'), { ...rules, roots: [] })).toContain('there are none');
  });

  it('reads Windows paths', () => {
    const windows = { ...rules, roots: ['C:\\work'], closedFolders: [], separator: '\\' as const };
    expect(whyNotAttach(file('C:\\work\\a.txt'), windows)).toBeNull();
    expect(whyNotAttach(file('C:\\work\\.git\\config'), windows)).toContain('hidden');
    expect(whyNotAttach(file('D:\\work\\a.txt'), windows)).toContain('outside');
  });
});

describe('chooseAttachmentRoots', () => {
  const from = {
    configured: null,
    offered: null,
    workingDirectory: '/work/project',
    homeDirectory: '/home/u',
    separator: '/' as const,
  };

  it('configured, else offered, else the working directory', () => {
    expect(chooseAttachmentRoots({ ...from, configured: ['/a'], offered: ['/b'] })).toEqual(['/a']);
    expect(chooseAttachmentRoots({ ...from, offered: ['/b'] })).toEqual(['/b']);
    expect(chooseAttachmentRoots({ ...from, offered: [] })).toEqual([]);
    expect(chooseAttachmentRoots(from)).toEqual(['/work/project']);
    expect(chooseAttachmentRoots({ ...from, workingDirectory: '/home/u/project' })).toEqual([
      '/home/u/project',
    ]);
  });

  it.each(['/', '/home/u', '/home', '/home/other', '/Users/anna', '/root', '/var/root'])(
    'a working directory %s is no root',
    (workingDirectory) => {
      expect(chooseAttachmentRoots({ ...from, workingDirectory })).toEqual([]);
    },
  );

  it.each(['/srv/people', '/srv/people/u'])(
    'nor is %s, which is or holds the home directory',
    (workingDirectory) => {
      expect(chooseAttachmentRoots({ ...from, homeDirectory: '/srv/people/u', workingDirectory })).toEqual(
        [],
      );
    },
  );

  it.each(['C:\\', 'C:\\Users', 'C:\\Users\\anna'])('nor is %s', (workingDirectory) => {
    const windows = { ...from, homeDirectory: 'D:\\me', separator: '\\' as const, workingDirectory };
    expect(chooseAttachmentRoots(windows)).toEqual([]);
  });
});
