import { Observable } from 'rxjs';

/** An observable of one promise's value; unsubscribing aborts the signal that the work was given. */
export function fromAbortable<Value>(work: (signal: AbortSignal) => Promise<Value>): Observable<Value> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    work(controller.signal).then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort();
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
