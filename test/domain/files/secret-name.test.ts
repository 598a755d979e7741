import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesSecret } from '../../../src/domain/files/secret-name.ts';

describe('names of secrets (W-55)', () => {
  it.each([
    // Keys
    ...[
      'id_rsa',
      'ID_ED25519',
      'id_rsa.bak',
      'id_rsa.old',
      'my_id_ecdsa_sk',
      'id-rsa copy',
      'github_ed25519',
      'deploy_rsa',
    ],
    ...[
      'key.pem',
      'key.pem.old',
      'key.pem~',
      'server.pem (1)',
      'cert.KEY',
      'app.p12',
      'app.pfx.txt',
      'release.jks',
    ],
    ...[
      'upload.keystore',
      'vault.kdbx',
      'Vault.KDBX.bak',
      'putty.ppk',
      'host.keytab',
      'AuthKey_ABC123.p8',
      'home.ovpn',
    ],
    ...[
      'key.json',
      'keys.txt',
      'gcp-key.json',
      'openai_key.txt',
      'privateKey.txt',
      'PRIVATE-KEY',
      'ssh-keys.zip',
      'keyfile',
    ],
    ...[
      'terraform.tfstate',
      'prod.tfvars',
      'secring.gpg',
      'kubeconfig',
      'kubeconfig-prod.yaml',
      'kube-config.yml',
    ],
    // Tokens, credentials and passwords
    ...[
      'token.txt',
      'my-token.txt',
      'auth_token',
      'tokens.json',
      'github token.txt',
      'githubtoken',
      'access-token-2024.log',
    ],
    ...[
      'credentials.json',
      'credentials-prod.json',
      'aws_credentials.csv',
      'AwsCredentials.csv',
      'creds.txt',
      'db-creds.yml',
    ],
    ...[
      'secrets.yaml',
      'secrets-eu-west.yaml',
      'client_secret_123.json',
      'ClientSecret.json',
      'app.secrets',
      'mysecret',
    ],
    ...[
      'service-account.json',
      'service-account-my-project-a1b2c3.json',
      'serviceAccountKey.json',
      'service_accounts.tar.gz',
    ],
    ...[
      'password.txt',
      'passwords.csv',
      'Passwords.xlsx',
      'my passwords',
      'db-password',
      'keepass_password.old',
      'pwd.txt',
    ],
    ...[
      'apikey',
      'api-key.txt',
      'apiKeys.json',
      'API_KEY.txt',
      'myapikey.txt',
      'recovery-codes.txt',
      'backup_codes.txt',
    ],
    ...[
      'auth.json',
      'cookies.txt',
      'logins.csv',
      'wallet.dat',
      'mnemonic.txt',
      'seed-phrase.txt',
      'shadow',
      'gshadow-',
    ],
    // Dot files without their dot, and copies of them
    ...[
      'npmrc',
      '_netrc',
      'pgpass',
      'npmrc.bak',
      'htpasswd',
      'git-credentials',
      'dockercfg',
      'pypirc',
      'master.passwd',
      's3cfg',
    ],
    ...[
      'env',
      'prod.env',
      'env.production',
      'env_production',
      'env-local.txt',
      'prod.env.txt',
      'dotenv',
      'env.json',
      '.env.old',
    ],
    // Prose and scripts whose last word says what is in them
    ...[
      'passwords.docx',
      'Passwords 2024.pdf',
      'my-passwords.odt',
      'api-keys.md',
      'wifi-password.md',
      'secrets.sh',
    ],
  ])('%s', (name) => {
    expect(namesSecret(name)).toBe(true);
  });

  it.each([
    // Words that only begin or end alike
    ...[
      'keyboard-layout.md',
      'keyboard.json',
      'keymap.json',
      'hotkeys.json',
      'monkey.png',
      'monkey.txt',
      'turkey.csv',
    ],
    ...[
      'tokenizer.ts',
      'tokenizer.json',
      'tokenizer_config.json',
      'tokenization.pdf',
      'secretary.docx',
      'secretariat.txt',
    ],
    ...[
      'keynote.pdf',
      'key-value.json',
      'key-findings.md',
      'passport.pdf',
      'compass.json',
      'bypass.txt',
      'sacred-texts.txt',
    ],
    ...[
      'environment.yml',
      'development.log',
      'cookiecutter.json',
      'author.json',
      'wallet-design.pdf',
      'login-page.txt',
    ],
    // What counts or describes
    ...[
      'token-usage-report.md',
      'token-usage.csv',
      'token_counts.json',
      'tokenUsage2024.xlsx',
      'password-policy.txt',
    ],
    ...[
      'design-tokens.json',
      'credentials.schema.json',
      'secrets.example.yaml',
      'env.example',
      'token-prices.csv',
    ],
    // Prose about secrets, which is about something else in the end
    ...[
      'secret-garden.pdf',
      'secrets-management.md',
      'password-reset-guide.docx',
      'how-tokens-work.md',
      'env-setup.md',
      'env.md',
    ],
    // Source, pictures and what is public
    ...[
      'tokens.ts',
      'secrets.py',
      'credentials.go',
      'forgot-password.html',
      'PasswordForm.tsx',
      'vite-env.d.ts',
      'env.mjs',
    ],
    ...[
      'tokens.ts.bak',
      'password.png',
      'login-token.webp',
      'id_rsa.pub',
      'deploy-key.pub',
      'server.crt',
      'request.csr',
    ],
    ...[
      'public-key.txt',
      'public_keys.json',
      'authorized_keys',
      'primary-keys.sql',
      'answer-key.csv',
      'known_hosts',
    ],
    // Whatever is called otherwise
    ...[
      'report.pdf',
      'data.csv',
      'notes',
      'README',
      'Makefile',
      'a',
      '...',
      '',
      'résumé.docx',
      '日本語.txt',
      'main.rs',
      'v1.2.3.zip',
    ],
  ])('not %j', (name) => {
    expect(namesSecret(name)).toBe(false);
  });

  const secret = fc.constantFrom(
    ...[
      'password',
      'credentials',
      'secret',
      'auth token',
      'api key',
      'private key',
      'service account',
      'recovery codes',
    ],
  );
  const spelling = fc.constantFrom<(words: string) => string>(
    (words) => words.replaceAll(' ', '-'),
    (words) => words.replaceAll(' ', '_').toUpperCase(),
    (words) => words.replaceAll(' ', ''),
    (words) => words.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase()),
  );
  const ending = fc.constantFrom(
    '',
    '.txt',
    '.json',
    '.yaml',
    '.csv',
    '.ini',
    '.log',
    '.xlsx',
    '.conf',
    '.db',
  );
  const copy = fc.constantFrom('', '.old', '.bak', '.1', '~', ' copy', ' (2)', '.gz', '-2024', '_v2');
  const about = fc.constantFrom('', 'my-', 'prod_', 'aws.', 'acme ', '2024-');

  it('are known in whichever way they are spelled, copied and put away', () => {
    fc.assert(
      fc.property(secret, spelling, about, ending, copy, (words, spell, before, kind, after) => {
        expect(namesSecret(`${before}${spell(words)}${kind}${after}`)).toBe(true);
        expect(namesSecret(`${before}${spell(words)}-acme${kind}${after}`)).toBe(true);
      }),
    );
  });

  it('make key files known by their ending, whatever comes behind it', () => {
    const key = fc.constantFrom('pem', 'KEY', 'p12', 'pfx', 'jks', 'keystore', 'kdbx', 'ppk', 'env');
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,8}$/), key, ending, copy, (stem, kind, other, after) => {
        expect(namesSecret(`${stem}.${kind}${other}${after}`)).toBe(true);
      }),
    );
  });

  it('are not seen in words that hold none, in any kind of file', () => {
    const words = fc.constantFrom(
      'report',
      'keyboard',
      'monkey',
      'meeting',
      'secretary',
      'Tokyo',
      'invoice',
      'passage',
    );
    const kind = fc.constantFrom('.md', '.docx', '.csv', '.json', '.txt', '.png', '.ts', '');
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), kind, copy, (parts, ends, after) => {
        expect(namesSecret(`${parts.join('-')}${ends}${after}`)).toBe(false);
      }),
    );
  });

  it('never fail on a name, however odd', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => typeof namesSecret(name) === 'boolean'));
  });
});
