import { integer, number, text } from '../option.ts';

/** Files, the user's and the agent's own. */
export const filesOptions = {
  uploadDeadlineSecs: number({
    variable: 'MOLECULE_UPLOAD_DEADLINE_SECS',
    fallback: 30,
    min: 0.05,
    max: 3600,
    about: 'How long a message waits for its files, in seconds.',
  }),
  uploadMaxBytes: integer({
    variable: 'MOLECULE_UPLOAD_MAX_BYTES',
    fallback: 0,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    about: "The largest file that is fetched, in bytes; 0 = the platform's own limit.",
  }),
  uploadNoticeSecs: number({
    variable: 'MOLECULE_UPLOAD_NOTICE_SECS',
    fallback: 60,
    min: 0.05,
    max: 3600,
    about: 'How long a file waits for a message to follow before it is announced by itself, in seconds.',
  }),
  uploadsAtATime: integer({
    variable: 'MOLECULE_UPLOADS_AT_A_TIME',
    fallback: 4,
    min: 1,
    max: 64,
    about: 'Transfers of one workspace at a time.',
  }),
  uploadsInAll: integer({
    variable: 'MOLECULE_UPLOADS_IN_ALL',
    fallback: 8,
    min: 1,
    max: 256,
    about: 'Transfers of all workspaces together at a time.',
  }),
  uploadsKeepDays: number({
    variable: 'MOLECULE_UPLOADS_KEEP_DAYS',
    fallback: 7,
    min: 0.01,
    max: 3650,
    about: 'How long staged files are kept, in days; what an unread message shows stays.',
  }),
  uploadsKeepBytes: integer({
    variable: 'MOLECULE_UPLOADS_KEEP_BYTES',
    fallback: 2 * 1024 ** 3,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    about: 'How much staged files of a workspace may take together, in bytes; the oldest go first.',
  }),
  uploadsDir: text({
    variable: 'MOLECULE_UPLOADS_DIR',
    example: '/home/me/molecule-files',
    about: "Where files are staged; else `/workspace` if it can be written to, else the workspace's state.",
  }),
  attachRoots: text({
    variable: 'MOLECULE_ATTACH_ROOTS',
    example: '/home/me/project',
    about: "Folders to attach files from, as in PATH; else the host's roots, else the working directory.",
  }),
} as const;
