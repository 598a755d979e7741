import createRouter, { type HTTPMethod } from 'find-my-way';
import type { Profile } from '../profile.ts';
import type { Route } from './route.ts';

/** A route and the parameters of the path that led to it. */
export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request in the generation that is played; undefined when it has none. */
export type RouteFinder = (method: string, path: string) => FoundRoute | undefined;

/** A finder over these routes. */
export function createRouteFinder(routes: readonly Route[], profile: () => Profile): RouteFinder {
  const routers = { may: routerOf(routes, 'may'), head: routerOf(routes, 'head') };
  return (method, path) => {
    const found = routers[profile()].find(method as HTTPMethod, path);
    if (found === null) return undefined;
    return { route: found.store as Route, params: found.params as Record<string, string> };
  };
}

function routerOf(routes: readonly Route[], profile: Profile) {
  const router = createRouter();
  for (const route of routes) {
    if (route.only !== undefined && route.only !== profile) continue;
    const [method, path] = route.at.split(' ') as [HTTPMethod, string];
    router.on(method, path, () => {}, route);
  }
  return router;
}
