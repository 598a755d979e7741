/**
 * Whether a file's name says that it holds keys, tokens or passwords; by the name alone, since nothing may be read. What the
 * words of a name mean depends on what kind of file bears it:
 * - source code, pictures and public keys hold none, whatever they are called (`tokens.ts`, `password-form.png`, `id_rsa.pub`);
 * - prose holds what its last word says: `passwords.docx` is a list of them, `token-usage-report.md` a report;
 * - anything else (`.txt`, `.json`, `.csv`, `.old`, no ending at all) is suspect by any such word, wherever it stands, unless
 *   another one says that it only counts or describes them (`token-usage.csv`, `password-policy.json`).
 * The endings of key files count also before other ones (`key.pem.old`). Rather a harmless file too many than a key too
 * many: a root that names the file exactly lets it pass.
 */
export function namesSecret(name: string): boolean {
  const [first = '', ...rest] = name
    .normalize('NFKC')
    .replace(/^[._]+/, '')
    .split('.');
  // Of `pem copy`, `pem~` and `pem (1)` the ending is `pem`.
  const endings = rest.map((segment) => /^[a-z0-9]*/.exec(segment.toLowerCase())?.[0] ?? '');
  const kindAt = endings.findLastIndex((ending) => !COPY.test(ending));
  const kind = endings[kindAt] ?? '';
  if (HARMLESS.has(kind)) return false;

  const title = wordsOf([first, ...rest.slice(0, Math.max(kindAt, 0))].join('.'));
  if (PROSE.has(kind)) return !isAbout(title) && endsInSecret(title);
  if (endings.some((ending) => KEY_FILES.has(ending))) return true;
  const words = wordsOf([first, ...rest].join('.'));
  if (isAbout(words)) return false;
  if (first.toLowerCase() === 'env') return true;
  return words.some((_, index) => endsInSecret(words.slice(0, index + 1))) || isBareSecret(title, kind);
}

/** The words of a name, split at whatever is no letter or digit and where case changes; in lower case, the singular, without a number at their end. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.replace(/(\p{L}{3})\d+$/u, '$1').replace(/(..[^s])s$/, '$1'));
}

/** Whether the last word that tells more than which copy it is is a secret, alone or with those before it: `api key`, `myapikey`. */
function endsInSecret(words: readonly string[]): boolean {
  const end = words.findLastIndex((word) => !COPY.test(word)) + 1;
  const glued = words.slice(0, end).join('');
  return SHORT.has(words[end - 1] ?? '') || SECRETS.some((secret) => glued.endsWith(secret));
}

/** A key, unless it is said to open no lock (`gcp-key.txt`, `deploy_rsa`), and what is a secret where nothing else is said (`auth.json`). */
function isBareSecret(title: readonly string[], kind: string): boolean {
  const told = title.filter((word) => !COPY.test(word));
  const [last = '', before = ''] = told.toReversed();
  if (last === 'key') return !NO_LOCK.has(before);
  return (kind === '' && ALGORITHMS.has(last)) || (told.length === 1 && BARE.has(last));
}

function isAbout(words: readonly string[]): boolean {
  return words.some((word) => ABOUT.has(word));
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

const HARMLESS = setOf(
  'ts tsx mts cts js jsx mjs cjs vue svelte html htm css scss less py pyi rs go java kt rb c h cc cpp hpp cs swift php lua zig ex exs scala dart proto graphql ' +
    'png jpg jpeg gif webp svg avif heic bmp ico tif tiff mp3 wav ogg flac m4a mp4 mov webm mkv avi pub crt cer csr',
);

/** Texts, and scripts. */
const PROSE = setOf(
  'md mdx markdown rst adoc tex pdf doc docx odt rtf pages ppt pptx odp epub ipynb sh bash zsh fish ps1 bat cmd',
);

const KEY_FILES = setOf(
  'pem key p8 p12 pfx pkcs12 ppk jks jceks bks keystore keytab keychain keyring keypair kdb kdbx psafe3 ovpn env htpasswd netrc pgpass npmrc pypirc tfstate tfvars',
);

const ALGORITHMS = setOf('rsa dsa ecdsa ed25519');

/** Long enough that no other word ends in them. */
const SECRETS: readonly string[] = [
  ...setOf(
    'password passwd passphrase passcode credential secret token apikey privatekey privkey secretkey accesskey authkey signingkey ' +
      'encryptionkey masterkey sshkey serviceaccount keystore keyring keychain keypair keyfile kubeconfig netrc pgpass npmrc pypirc dockercfg ' +
      's3cfg seedphrase recoverycode backupcode idrsa iddsa idecdsa ided25519 ecdsask ed25519sk secring',
  ),
];

const SHORT = setOf('cred pwd');

const BARE = setOf('auth pass pw cookie login wallet mnemonic shadow gshadow env dotenv jwt');

const NO_LOCK = setOf('public authorized primary foreign answer translation sort');

/** Words of names that count, describe or imitate secrets. */
const ABOUT = setOf(
  'usage count budget cost price pricing limit policy schema statistic stat design example sample template dummy',
);

/** Which copy of a file it is, not what is in it; among them the endings of archives. */
const COPY =
  /^(|v?\d+|old|new|bak|backup|orig|original|saved?|copy|final|te?mp|sw[po]|prod|production|dev|development|stage|staging|test|local|live|default|my|our|the|of|gz|bz2|xz|zst|zip|7z|rar|tar|tgz)$/;
