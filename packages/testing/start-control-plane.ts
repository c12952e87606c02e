import type { Api } from '@slicewise/kube'
import { defaultConfig } from '@slicewise/system'
import { startSystem } from '@slicewise/system/node'

export interface ControlPlaneOptions {
  /** Simulated Nodes; 0 for none. Default 3. */
  readonly nodes?: number
  /** Divides the times of the simulation. Default 100: Pods are ready in about 10 ms. */
  readonly speed?: number
  /** Controllers to run, named as kube-controller-manager's `--controllers`. Default all. */
  readonly controllers?: readonly string[]
  /** Folder of a durable store. Default: in memory, gone with the control plane. */
  readonly data?: string
  readonly maxEndpointsPerSlice?: number
}

/** A running control plane. Give it to `await using`, or call `close`. */
export interface ControlPlane extends AsyncDisposable {
  /** Such as `https://127.0.0.1:40123`. */
  readonly url: string
  /** Kubeconfig text with the CA and an administrator's certificate and token. */
  readonly kubeconfig: string
  /** The API in process, as the administrator. */
  readonly api: Api
  close(): Promise<void>
}

/**
 * Starts the system of `slicewise up` in this process, on a free port of the loopback interface,
 * with real HTTPS. Any number may run side by side.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const system = await startSystem({
    checked: true,
    config: {
      ...defaultConfig,
      listen: { host: '127.0.0.1', port: 0 },
      data: options.data ?? 'memory',
      kubeconfig: undefined,
      nodes: options.nodes ?? defaultConfig.nodes,
      controllers: options.controllers ?? defaultConfig.controllers,
      options: {
        ...defaultConfig.options,
        speed: options.speed ?? 100,
        ...(options.maxEndpointsPerSlice === undefined
          ? {} : { maxEndpointsPerSlice: options.maxEndpointsPerSlice }),
      },
    },
  })
  return {
    url: system.url,
    kubeconfig: system.kubeconfig,
    api: system.api,
    close: () => system.close(),
    [Symbol.asyncDispose]: () => system.close(),
  }
}
