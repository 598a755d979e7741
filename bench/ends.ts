import { type ChildProcess, fork } from 'node:child_process';

/** One end of the talk between a measuring process and a child of its own, message by message. */
export interface End {
  send(message: unknown): void;
  /** Resolves with the next message. */
  next<Message>(): Promise<Message>;
}

/** A child that runs the same file, told its role by its first argument. */
export interface Child extends End {
  /** Ends the child; resolves once it is gone. */
  stop(): Promise<void>;
}

/** Starts a child of this very file. */
export function forkSelf(role: string, execArgv: readonly string[] = []): Child {
  const child = fork(process.argv[1] ?? '', [role], { stdio: 'inherit', execArgv: [...execArgv] });
  return {
    ...endOf(child),
    stop() {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      return gone;
    },
  };
}

/** A child's own end. */
export function parentEnd(): End {
  return endOf(process as unknown as Pick<ChildProcess, 'on' | 'send'>);
}

function endOf(end: Pick<ChildProcess, 'on' | 'send'>): End {
  const waiting: unknown[] = [];
  const askers: ((message: unknown) => void)[] = [];
  end.on('message', (message: unknown) => {
    const asker = askers.shift();
    if (asker) asker(message);
    else waiting.push(message);
  });
  return {
    send: (message) => end.send(message as object),
    next: <Message>() =>
      new Promise<Message>((resolve) => {
        if (waiting.length > 0) resolve(waiting.shift() as Message);
        else askers.push(resolve as (message: unknown) => void);
      }),
  };
}
