export { parseTokenFile } from './authenticate.ts'
export { type CredentialsOptions, type ServingCredentials, prepareCredentials,
} from './credentials.ts'
export { kubeconfigText, writeKubeconfig } from './kubeconfig.ts'
export { type HttpServer, type HttpServerOptions, startHttpServer } from './server.ts'
export { versionInfo } from './version.ts'
