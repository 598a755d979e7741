/** Whether a command line with this first argument means the server: that needs no name, and has flags. */
export function isServe(first = 'serve'): boolean {
  return first === 'serve' || first.startsWith('-');
}
