import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags,
  KeyUsagesExtension, PemConverter, SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension,
  X509Certificate, X509CertificateGenerator, cryptoProvider,
} from '@peculiar/x509'
import { limits } from './limits.ts'

/**
 * Makes certificates. Loading the library takes longer than all the rest of a start, so this file
 * is imported only when something has to be made.
 */
export interface KeyAndCertificate {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8 PEM. */
  readonly key: string
}

type Keys = CryptoKeyPair
type CryptoKeyPair = webcrypto.CryptoKeyPair

cryptoProvider.set(webcrypto as never)

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Clocks of clients may be a little behind. */
const backdateMs = 5 * 60 * 1000

const newKeys = (): Promise<Keys> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<Keys>

async function keyText(keys: Keys): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return `${PemConverter.encode(der, 'PRIVATE KEY')}\n`
}

const serial = (): string => {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01
  return Buffer.from(bytes).toString('hex')
}

export async function makeAuthority(nowMs: number): Promise<KeyAndCertificate> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=slicewise-ca',
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + limits.authorityLifeMs),
    keys: keys as never,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyText(keys) }
}

/** A certificate for the server, good for the given names and addresses. */
export function issueServing(
  authority: KeyAndCertificate, hosts: readonly string[], nowMs: number,
): Promise<KeyAndCertificate> {
  const names = hosts.map((host) =>
    ({ type: isIP(host) === 0 ? 'dns' as const : 'ip' as const, value: host }))
  return issue(authority, 'CN=slicewise-apiserver', nowMs, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names),
  ])
}

/** A certificate that makes its holder the administrator. */
export const issueAdmin = (
  authority: KeyAndCertificate, nowMs: number,
): Promise<KeyAndCertificate> => issue(authority, 'O=system:masters,CN=kubernetes-admin', nowMs, [
  new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
])

type Extensions = (ExtendedKeyUsageExtension | SubjectAlternativeNameExtension)[]

async function issue(
  authority: KeyAndCertificate, subject: string, nowMs: number, extensions: Extensions,
): Promise<KeyAndCertificate> {
  const issuer = new X509Certificate(authority.certificate)
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8', PemConverter.decodeFirst(authority.key), algorithm, false, ['sign'])
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject,
    issuer: issuer.subject,
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + limits.certificateLifeMs),
    publicKey: keys.publicKey as never,
    signingKey: signingKey as never,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...extensions,
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyText(keys) }
}
