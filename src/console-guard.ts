/**
 * stdout belongs to JSON-RPC alone: whatever a library may print with `console.log`, `info` or `debug` goes to stderr.
 * Imported before anything else; commands for people write to `process.stdout` themselves.
 */
console.log = console.error;
console.info = console.error;
console.debug = console.error;
