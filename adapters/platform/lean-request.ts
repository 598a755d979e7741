import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/**
 * Opens a request with no more than what ours differ in. got hands Node every option that a request could have, forty of
 * them, most undefined; Node copies them for the request, its agent and its socket, which a wake-up stream keeps for days.
 */
export function leanRequest(url: URL, { method, headers, agent }: RequestOptions): ClientRequest {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return open(url, { method, headers, agent });
}
