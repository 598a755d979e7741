import { namesSecret } from './secret-name.ts';

/** A file that the agent was asked to attach, as found on the disk; not a byte of it has been read. */
export interface AttachmentFacts {
  /** Absolute, every symlink resolved. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'special';
  /** The workspace at which this very file was received; null when it is no staged file. */
  readonly stagedAt: string | null;
}

/** What may be attached; all paths absolute and resolved like the file's. */
export interface AttachmentRules {
  readonly roots: readonly string[];
  /** The state directory and the folder of staged files: nothing in them leaves, but for files that the log names. */
  readonly closedFolders: readonly string[];
  /** Where the attachment would go. */
  readonly workspaceId: string;
  readonly separator: '/' | '\\';
}

/**
 * Why a file may not be attached, as the end of a sentence that begins with its name; null when it may. Assumes that
 * whoever asks was tricked by what a message said: both known clients send `~/.ssh/id_rsa` when asked (W-55).
 */
export function whyNotAttach(file: AttachmentFacts, rules: AttachmentRules): string | null {
  if (file.kind === 'folder') return 'is a folder';
  if (file.kind === 'special') return 'is not a regular file';
  if (file.stagedAt !== null) {
    return file.stagedAt === rules.workspaceId
      ? null
      : `was received at workspace ${file.stagedAt} and may not go to another one`;
  }
  const inside = (folder: string) => isInside(file.path, folder, rules.separator);
  if (rules.closedFolders.some((folder) => isInside(fold(file.path), fold(folder), rules.separator))) {
    return "belongs to this bridge's own state";
  }
  const roots = rules.roots.filter(inside);
  if (roots.length === 0) return `is outside the folders that may be attached (${listOf(rules.roots)})`;
  if (roots.includes(file.path)) return null;
  if (roots.every((root) => hasHiddenPart(file.path, root, rules.separator))) {
    return 'is hidden, or in a hidden folder';
  }
  return namesSecret(file.path.split(rules.separator).at(-1) ?? '')
    ? 'looks like a key, a token or a password file'
    : null;
}

/**
 * The folders that may be attached from: as configured (`MOLECULE_ATTACH_ROOTS`), else as the host offers them (its MCP
 * roots), else the working directory, unless that is a home directory or holds one (as `/` does).
 */
export function chooseAttachmentRoots(from: {
  readonly configured: readonly string[] | null;
  readonly offered: readonly string[] | null;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
  readonly separator: '/' | '\\';
}): readonly string[] {
  const { configured, offered, workingDirectory, homeDirectory, separator } = from;
  if (configured) return configured;
  if (offered) return offered;
  if (isInside(homeDirectory, workingDirectory, separator)) return [];
  return isSomebodysHome(partsOf(workingDirectory, separator)) ? [] : [workingDirectory];
}

function isInside(path: string, folder: string, separator: string): boolean {
  const parts = partsOf(path, separator);
  return partsOf(folder, separator).every((part, index) => parts[index] === part);
}

/** A hidden folder that the root itself lies in, or is, was named on purpose. */
function hasHiddenPart(path: string, root: string, separator: string): boolean {
  return partsOf(path, separator)
    .slice(partsOf(root, separator).length)
    .some((part) => part.startsWith('.'));
}

/** `/home/anna`, `/Users/anna`, `C:\\Users\\anna`, `/root`, `/var/root`, and what holds them. */
function isSomebodysHome(parts: readonly string[]): boolean {
  const [first = '', second = '', ...deeper] = DRIVE.test(parts[0] ?? '') ? parts.slice(1) : parts;
  if (deeper.length > 0) return false;
  return (
    HOME_FOLDERS.has(first.toLowerCase()) ||
    (first === 'root' && second === '') ||
    (first === 'var' && second === 'root')
  );
}

function partsOf(path: string, separator: string): readonly string[] {
  return path.split(separator).filter((part) => part !== '');
}

/** Some file systems know a name in any case: for what is closed, all count as one. */
function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function listOf(roots: readonly string[]): string {
  return roots.length === 0 ? 'there are none' : roots.join(', ');
}

const DRIVE = /^[A-Za-z]:$/;

const HOME_FOLDERS: ReadonlySet<string> = new Set(['', 'home', 'users']);
