import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Certificates in PEM, or why a file holds none, as the end of a sentence that begins with the file. */
export type CertificatesReading =
  | { readonly ok: true; readonly certificates: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Reads and checks every certificate of a PEM file. Never rejects. */
export async function readCertificates(path: string): Promise<CertificatesReading> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    return { ok: false, reason: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})` };
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return { ok: false, reason: 'holds no certificate in PEM' };
  const broken = certificates.findIndex((certificate) => !isReadable(certificate));
  if (broken < 0) return { ok: true, certificates };
  return { ok: false, reason: `holds a damaged certificate (number ${broken + 1})` };
}

function isReadable(certificate: string): boolean {
  try {
    new X509Certificate(certificate);
    return true;
  } catch {
    return false;
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
