import type { Socket } from 'node:net';

/** Sends one JSON value as a line. */
export function sendLine(socket: Socket, value: unknown): void {
  socket.write(`${JSON.stringify(value)}\n`);
}

/**
 * Resolves with the first JSON line that comes. Rejects when the connection ends before it, when it is longer than
 * 64 MiB, and when it is no JSON. What comes after it is read and dropped, so that the end is still noticed.
 */
export function receiveLine(socket: Socket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (settle: () => void) => {
      socket.off('data', take);
      socket.off('close', end);
      socket.resume();
      settle();
    };
    const take = (chunk: Buffer) => {
      const at = chunk.indexOf('\n');
      chunks.push(at < 0 ? chunk : chunk.subarray(0, at));
      bytes += chunk.length;
      if (at >= 0) finish(() => resolveJson(Buffer.concat(chunks).toString('utf8'), resolve, reject));
      else if (bytes > MAX_LINE_BYTES) finish(() => reject(new Error('the line is too long')));
    };
    const end = () => finish(() => reject(new Error('the other window went away before it had answered')));
    socket.on('data', take);
    socket.once('close', end);
  });
}

function resolveJson(
  text: string,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(JSON.parse(text));
  } catch (error) {
    reject(error);
  }
}

const MAX_LINE_BYTES = 64 * 1024 * 1024;
