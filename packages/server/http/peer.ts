import type { TLSSocket } from 'node:tls'

/** What a verified client certificate says: its common name and its organisations. */
export interface CertificateIdentity {
  readonly user: string
  readonly groups: readonly string[]
}

/** The identity of a connection: read once, it cannot change later. */
export function certificateOf(socket: TLSSocket): CertificateIdentity | 'none' | 'refused' {
  const certificate = socket.getPeerCertificate()
  if (!certificate || Object.keys(certificate).length === 0) return 'none'
  if (!socket.authorized) return 'refused'
  const subject: Record<string, string | string[] | undefined> = { ...certificate.subject }
  const user = [subject['CN'] ?? []].flat()[0]
  if (user === undefined || user === '') return 'refused'
  return { user, groups: [subject['O'] ?? []].flat() }
}
