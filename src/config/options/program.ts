import { flag, integer, text } from '../option.ts';

/** The program itself: where it keeps things, what it says, who may look on. */
export const programOptions = {
  configsDir: text({
    variable: 'CONFIGS_DIR',
    example: '/home/me/.molecule-workspace',
    about: 'State directory; else `/configs` if it can be written to, else `~/.molecule-workspace`.',
  }),
  verbose: flag({ variable: 'MOLECULE_MCP_VERBOSE', about: 'Say more on stderr.' }),
  record: text({
    variable: 'MOLECULE_RECORD',
    example: '/tmp/run.ndjson',
    about: 'File to record everything into that is seen and done, for `replay` and `inspect`; tokens never.',
  }),
  redactText: flag({
    variable: 'MOLECULE_RECORD_REDACT_TEXT',
    about: 'Leaves out of recordings every word that anybody wrote: text, names, paths.',
  }),
  recordMaxBytes: integer({
    variable: 'MOLECULE_RECORD_MAX_BYTES',
    // Twice as much cannot be read as one text, so not be replayed.
    fallback: 256 * 1024 ** 2,
    min: 65_536,
    max: Number.MAX_SAFE_INTEGER,
    about: 'How large a recording may grow, in bytes; there it ends, says so, and stays of use up to there.',
  }),
  inspect: flag({
    variable: 'MOLECULE_INSPECT',
    about:
      'Serves the live inspector on this machine only and prints its URL; `--inspect=PORT` names a port.',
  }),
  inspectPort: integer({
    variable: 'MOLECULE_INSPECT_PORT',
    fallback: 0,
    min: 0,
    max: 65_535,
    about: "The inspector's port; 0 = any that is free.",
  }),
  inspectText: flag({
    variable: 'MOLECULE_INSPECT_TEXT',
    about: 'Lets the live inspector show message text.',
  }),
  statelyUrl: text({
    variable: 'MOLECULE_STATELY_URL',
    fallback: 'https://stately.ai/inspect',
    fits: /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?([/?#][^\s"'<>]*)?$/i,
    shape: 'an http or https URL',
    example: 'https://stately.ai/inspect',
    about: "The address of Stately's inspector, which the inspector's second page frames.",
  }),
} as const;
