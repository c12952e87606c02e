import { homedir } from 'node:os'
import { join } from 'node:path'
import { HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { type SystemConfig, defaultConfig, startControlLoops } from '@slicewise/system'
import { loopSignal, nodeEnv } from '@slicewise/system/node'
import { openLog } from '../log.ts'
import { untilSignal } from '../stop.ts'
import { version } from '../version.ts'

/** Flags of the components that work on an API server, whoever's it is. */
interface Flags {
  readonly kubeconfig?: string
  readonly verbosity: number
  readonly controllers?: readonly string[]
  readonly maxEndpointsPerSlice?: number
  readonly endpointsliceUpdatesBatchPeriod?: number
  readonly nodes?: number
  readonly speed?: number
  readonly podCidr?: readonly string[]
}

/** `slicewise controllers`: the controllers against the API server of a kubeconfig. */
export async function controllers(flags: Flags): Promise<void> {
  await run(flags, { controllers: flags.controllers ?? ['*'], nodes: 0 })
}

/** `slicewise nodes`: simulated Nodes against the API server of a kubeconfig. */
export async function nodes(flags: Flags): Promise<void> {
  await run(flags, { controllers: ['-*'], nodes: flags.nodes ?? defaultConfig.nodes })
}

async function run(
  flags: Flags, what: Pick<SystemConfig, 'controllers' | 'nodes'>,
): Promise<void> {
  const access = await readKubeconfig(kubeconfigOf(flags))
  const transport = httpTransport(access)
  const api = new HttpApi({ transport, userAgent: `slicewise/${version}` })
  const { options, podCidrs } = defaultConfig
  const stopped = untilSignal()
  const loops = startControlLoops({
    env: nodeEnv({ log: openLog(flags.verbosity) }),
    api,
    abort: loopSignal(),
    config: {
      ...what,
      podCidrs: flags.podCidr ?? podCidrs,
      options: {
        maxEndpointsPerSlice: flags.maxEndpointsPerSlice ?? options.maxEndpointsPerSlice,
        endpointSliceBatchMs: flags.endpointsliceUpdatesBatchPeriod ?? options.endpointSliceBatchMs,
        speed: flags.speed ?? options.speed,
      },
    },
  })
  process.stdout.write(`slicewise works on ${access.server}\n`)
  await stopped
  await loops.stop()
  await transport.close()
}

/** As kubectl chooses: the flag, the first file of KUBECONFIG, ~/.kube/config. */
function kubeconfigOf({ kubeconfig }: Flags): string {
  const listed = (process.env['KUBECONFIG'] ?? '').split(':').find((file) => file !== '')
  return kubeconfig ?? listed ?? join(homedir(), '.kube', 'config')
}
