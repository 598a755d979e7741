import type * as z from 'zod';

/** What was wrong with a value, in one line: `limit: expected number; task: required`. Shows names, never values. */
export function explainIssues(error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'value'}: ${issue.message}`)
    .join('; ');
}
