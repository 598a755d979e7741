import type { Settings } from '../config/settings.ts';

/** Every secret that a configuration holds, usable or not, in the spellings in which it is sent. */
export function secretsOf({ workspaces, entries, places, options }: Settings): readonly string[] {
  const { authToken, env } = places;
  const { httpProxy, httpsProxy } = options.values;
  const secrets = [
    ...workspaces.map(({ credentials }) => credentials.token()),
    ...entries.map(({ token }) => token),
    ...(authToken?.ok ? [authToken.token] : []),
    env.MOLECULE_WORKSPACE_TOKEN?.trim() ?? '',
    ...[httpProxy, httpsProxy].flatMap(secretsOfProxy),
  ];
  return [...new Set(secrets)].filter((secret) => secret !== '');
}

/** Its password as configured and as meant, and user and password as the proxy gets them. */
function secretsOfProxy(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  if (password === '') return [];
  const [user, meant] = [decoded(username), decoded(password)];
  return [password, meant, Buffer.from(`${user}:${meant}`).toString('base64')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
