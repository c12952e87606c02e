import { type ControllerOptions, defaultControllerOptions } from '@slicewise/engine'

/** What one system is made of; every member has a default. */
export interface SystemConfig {
  /** `HOST:PORT` of the HTTPS listener; port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number }
  /** `memory` keeps nothing; anything else is the folder of the embedded store. */
  readonly data: string
  /** File that gets the admin kubeconfig; absent: none is written. */
  readonly kubeconfig: string | undefined
  /** Simulated Nodes. */
  readonly nodes: number
  /** Names as `--controllers` takes them. */
  readonly controllers: readonly string[]
  /** Service ranges, one or two of different families; the first family is the default one. */
  readonly serviceCidrs: readonly string[]
  /** Addresses for Services of type LoadBalancer. */
  readonly loadBalancerCidrs: readonly string[]
  /** Pod ranges, one or two of different families, cut into one range per simulated Node. */
  readonly podCidrs: readonly string[]
  readonly options: ControllerOptions
}

export const defaultConfig: SystemConfig = {
  listen: { host: '127.0.0.1', port: 7443 },
  data: '.slicewise/data',
  kubeconfig: '.slicewise/kubeconfig',
  nodes: 3,
  controllers: ['*'],
  serviceCidrs: ['10.96.0.0/16', 'fd00:10:96::/112'],
  loadBalancerCidrs: ['192.0.2.0/24'],
  podCidrs: ['10.128.0.0/9', 'fd00:10:128::/48'],
  options: defaultControllerOptions,
}
