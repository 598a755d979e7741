/** Whether a command line that begins so means the server, whose name may be left out: its flags then come first. */
export function isServe(first: string | undefined): boolean {
  return first === undefined || first === 'serve' || first.startsWith('-');
}
