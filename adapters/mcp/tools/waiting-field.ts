import * as z from 'zod';

/**
 * How many messages wait, in a tool's structured result. Some hosts show the model nothing but that, and it has to learn
 * by the way that messages wait.
 */
export const waitingField = z
  .number()
  .describe('How many messages wait in your inbox; inbox_peek shows them.');
