import { type Observable, Subject } from 'rxjs';
import type { WakeUp, WorkspacePlatform } from '../../domain/ports/platform.ts';

/** What goes by while a workspace speaks with its platform. */
export type Heard =
  | { readonly type: 'registered' }
  /** `generation` is null where the server has none (§15.15). */
  | { readonly type: 'beaten'; readonly generation: number | null }
  | { readonly type: 'pageAsked' }
  | { readonly type: 'pageRead'; readonly rows: readonly unknown[] }
  /** A frame of the wake-up stream; `open` comes first after each reconnect. */
  | { readonly type: 'frame'; readonly frame: WakeUp }
  | { readonly type: 'streamEnded' };

/** A platform that can be listened to. */
export interface HeardPlatform {
  readonly platform: WorkspacePlatform;
  /** Tells before the caller hears of it. Never ends, never errors. */
  readonly heard$: Observable<Heard>;
}

/** The same platform, telling what goes by; what its callers see does not change. */
export function hearPlatform(platform: WorkspacePlatform): HeardPlatform {
  const heard$ = new Subject<Heard>();
  return {
    heard$,
    platform: {
      ...platform,
      async register(card, signal) {
        const registration = await platform.register(card, signal);
        heard$.next({ type: 'registered' });
        return registration;
      },
      async heartbeat(beat, signal) {
        const reply = await platform.heartbeat(beat, signal);
        heard$.next({ type: 'beaten', generation: reply.generation ?? null });
        return reply;
      },
      async readActivity(query, signal) {
        heard$.next({ type: 'pageAsked' });
        const page = await platform.readActivity(query, signal);
        heard$.next({ type: 'pageRead', rows: page.rows });
        return page;
      },
      wakeUps(onFrame, signal) {
        const told = platform.wakeUps((frame) => {
          heard$.next({ type: 'frame', frame });
          onFrame(frame);
        }, signal);
        return told.finally(() => heard$.next({ type: 'streamEnded' }));
      },
    },
  };
}
