/** The token of an `Authorization` header, or undefined when it has any other shape than `Bearer <token>` (§2.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !authorization.startsWith('Bearer ')) return undefined;
  const token = authorization.slice('Bearer '.length).trim();
  return token === '' ? undefined : token;
}
