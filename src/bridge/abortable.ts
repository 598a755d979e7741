import { Observable } from 'rxjs';

/** An observable of one promise's value; unsubscribing before it comes aborts the signal that the work was given. */
export function fromAbortable<Value>(work: (signal: AbortSignal) => Promise<Value>): Observable<Value> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    let settled = false;
    work(controller.signal).then(
      (value) => {
        settled = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        settled = true;
        subscriber.error(error);
      },
    );
    // An abort that nobody hears of would cost an error with its stack.
    return () => settled || controller.abort();
  });
}

/** The last value of a stream as a promise that a signal can end; undefined when the stream was empty. */
export function lastOf<Value>(source: Observable<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    let last: Value | undefined;
    const subscription = source.subscribe({
      next: (value) => {
        last = value;
      },
      error: (error: unknown) => {
        signal.removeEventListener('abort', stop);
        reject(error);
      },
      complete: () => {
        signal.removeEventListener('abort', stop);
        resolve(last);
      },
    });
    function stop(): void {
      subscription.unsubscribe();
      reject(signal.reason);
    }
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
