export { httpTransport } from './http-transport.ts'
export { type ClusterAccess, parseKubeconfig, readKubeconfig } from './kubeconfig.ts'
