import type { Environment } from './environment.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/**
 * The certificates of `SSL_CERT_FILE`, in PEM, or what is wrong with them. Those that are given to a connection replace Node's
 * extra ones, so these are read, too.
 */
export async function readTrusted(
  { values, origins }: ResolvedOptions,
  env: Environment,
): Promise<{ readonly certificates: readonly string[]; readonly problems: readonly string[] }> {
  if (values.caFile === '') return { certificates: [], problems: [] };
  // Only here, so that a start without them does not load it.
  const { readCertificates } = await import('./certificates.ts');
  const reading = await readCertificates(values.caFile);
  if (!reading.ok)
    return {
      certificates: [],
      problems: [`the file that ${origins.caFile.name} names ${reading.reason}; ${EXAMPLE}`],
    };
  const extra = await readCertificates(env.NODE_EXTRA_CA_CERTS ?? '');
  return {
    certificates: [...reading.certificates, ...(extra.ok ? extra.certificates : [])],
    problems: [],
  };
}

const EXAMPLE = 'expected certificates in PEM, for example /etc/ssl/certs/company.pem';
