import { writePrivately } from '@slicewise/base/node'
import type { ServingCredentials } from './credentials.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/**
 * A kubeconfig for the administrator: certificate and token both, since some clients can present
 * only one of them.
 */
export function kubeconfigText(url: string, credentials: ServingCredentials): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: slicewise
  cluster:
    server: ${url}
    certificate-authority-data: ${base64(credentials.authority)}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64(credentials.adminCertificate)}
    client-key-data: ${base64(credentials.adminKey)}
    token: ${credentials.adminToken}
contexts:
- name: slicewise
  context:
    cluster: slicewise
    user: kubernetes-admin
current-context: slicewise
preferences: {}
`
}

/** Writes the kubeconfig in one step, readable by its owner only. */
export function writeKubeconfig(
  path: string, url: string, credentials: ServingCredentials,
): void {
  writePrivately(path, kubeconfigText(url, credentials))
}
