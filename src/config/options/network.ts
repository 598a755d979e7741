import { number, proxy, text } from '../option.ts';

/** The way to the platform. */
export const networkOptions = {
  platformUrl: text({
    variable: 'PLATFORM_URL',
    aliases: ['MOLECULE_PLATFORM_URL'],
    example: 'https://platform.example',
    about: "Base URL of the platform. A workspace's own `platform_url` beats it.",
  }),
  orgId: text({
    variable: 'MOLECULE_ORG_ID',
    fits: /^[\x21-\x7e]*$/,
    shape: 'printable ASCII without spaces',
    example: 'org-1',
    about: "Sent as `X-Molecule-Org-Id`, for hosted tenants. A workspace's own `org_id` beats it.",
  }),
  httpsProxy: proxy({
    variable: 'HTTPS_PROXY',
    aliases: ['https_proxy', 'ALL_PROXY', 'all_proxy'],
    about: 'Proxy through which an https platform is reached.',
  }),
  httpProxy: proxy({
    variable: 'HTTP_PROXY',
    aliases: ['http_proxy', 'ALL_PROXY', 'all_proxy'],
    about: 'Proxy through which an http platform is reached (with CONNECT).',
  }),
  noProxy: text({
    variable: 'NO_PROXY',
    aliases: ['no_proxy'],
    example: 'localhost,.internal.example',
    about:
      'Hosts reached without a proxy, separated by commas: a name covers its subdomains; `*` is every host.',
  }),
  caFile: text({
    variable: 'SSL_CERT_FILE',
    example: '/etc/ssl/certs/company.pem',
    about: 'PEM file of certificate authorities that are trusted beside those that Node brings.',
  }),
  callMaxSecs: number({
    variable: 'MOLECULE_CALL_MAX_SECS',
    fallback: 30,
    min: 0.05,
    max: 3600,
    about:
      'How long one short request of a tool may take, in seconds; files and the answers of peers have longer.',
  }),
} as const;
