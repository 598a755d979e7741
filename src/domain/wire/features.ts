import type { PlatformCall } from '../ports/platform.ts';
import type { PlatformErrorKind } from './platform-error.ts';

/**
 * What a server may be able to do beyond that of May 2026 (§15.14). Found by looking, never configured:
 * - `upload_limits`, `activity_ack`, `requests`: the route is there.
 * - `row_seq`: its rows carry `seq` (§15.4).
 * - `generation`: its heartbeat replies carry `generation` (§15.15).
 */
export type Feature = 'upload_limits' | 'activity_ack' | 'requests' | 'row_seq' | 'generation';

/** A request whose reply tells whether a feature is there. It changes nothing on the server. */
export interface FeatureProbe {
  readonly feature: Feature;
  readonly call: PlatformCall;
}

/** The requests that find a workspace's features out. */
export function probesOf(workspaceId: string): readonly FeatureProbe[] {
  return [
    { feature: 'upload_limits', call: { method: 'GET', path: '/uploads/limits' } },
    // Without its one field it is refused where it is known, so nothing is acknowledged by asking.
    {
      feature: 'activity_ack',
      call: { method: 'POST', path: `/workspaces/${workspaceId}/activity/ack`, json: {} },
    },
    {
      feature: 'requests',
      call: {
        method: 'GET',
        path: `/workspaces/${workspaceId}/requests/inbox`,
        query: { status: 'pending' },
      },
    },
  ];
}

/** How a probe ended: null for a 2xx, else the refusal. */
export type ProbeEnding = { readonly kind: PlatformErrorKind; readonly status: number } | null;

/**
 * What a probe's ending says: a 404 that is not the platform's JSON, or a 405, means that there is no such route, and
 * nothing else (§15.14). A 400 is the route's own refusal. Null when it says nothing: no connection, 401, 5xx.
 */
export function readProbe(ending: ProbeEnding): boolean | null {
  if (ending === null) return true;
  if (ending.kind === 'no-such-route' || ending.status === 405) return false;
  return ending.status === 400 ? true : null;
}

/** Whether a server is younger than May's: then its feed may be read without a filter, for the broadcasts in it (§15.4). */
export function isYoungerThanMay(features: ReadonlySet<Feature>): boolean {
  return features.has('row_seq') || features.has('upload_limits');
}

/** Whether rows carry `seq`: one did, or the server takes acknowledgements by it, which came on one day (§15.4). */
export function rowsCarrySeq(features: ReadonlySet<Feature>): boolean {
  return features.has('row_seq') || features.has('activity_ack');
}

/** The features in one order, for a person to read. */
export function listFeatures(features: ReadonlySet<Feature>): readonly Feature[] {
  return [...features].sort();
}
