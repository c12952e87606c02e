import { homedir } from 'node:os'
import { join } from 'node:path'
import { HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { type SystemConfig, defaultConfig, startControlLoops } from '@slicewise/system'
import { loopSignal, nodeEnv } from '@slicewise/system/node'
import { type ControllerFlags, controllerOptionsOf } from '../controller-flags.ts'
import { refuseUnknownControllers } from '../controllers.ts'
import { openLog } from '../log.ts'
import { serveMetrics } from '../metrics.ts'
import { type OutputForm, printResult } from '../output.ts'
import { untilSignal } from '../stop.ts'
import { version } from '../version.ts'

/** Flags of the components that work on an API server, whoever's it is. */
interface Flags extends ControllerFlags {
  readonly kubeconfig?: string
  readonly output: OutputForm
  readonly metrics?: { readonly host: string; readonly port: number }
  readonly verbosity: number
  readonly controllers?: readonly string[]
  readonly nodes?: number
  readonly podCidr?: readonly string[]
}

/** `slicewise controllers`: the controllers against the API server of a kubeconfig. */
export async function controllers(flags: Flags): Promise<void> {
  await refuseUnknownControllers(flags.controllers)
  await run(flags, { controllers: flags.controllers ?? ['*'], nodes: 0 })
}

/** `slicewise nodes`: simulated Nodes against the API server of a kubeconfig. */
export async function nodes(flags: Flags): Promise<void> {
  await run(flags, { controllers: ['-*'], nodes: flags.nodes ?? defaultConfig.nodes })
}

async function run(
  flags: Flags, what: Pick<SystemConfig, 'controllers' | 'nodes'>,
): Promise<void> {
  const env = nodeEnv({ log: openLog(flags.verbosity) })
  const stop = untilSignal(env)
  const access = await readKubeconfig(kubeconfigOf(flags))
  const transport = httpTransport(access)
  const metrics = flags.metrics && await serveMetrics({ env, ...flags.metrics })
  const api = new HttpApi({ transport, userAgent: `slicewise/${version}` })
  const { podCidrs } = defaultConfig
  const loops = startControlLoops({
    env,
    api,
    abort: loopSignal(),
    config: {
      ...what,
      podCidrs: flags.podCidr ?? podCidrs,
      options: controllerOptionsOf(flags),
    },
  })
  const { server } = access
  await printResult(flags.output, { server, ...(metrics && { metrics }) },
    `slicewise works on ${server}`)
  await stop.whenAsked
  await loops.stop()
  await transport.close()
  process.exit(0)
}

/** As kubectl chooses: the flag, the first file of KUBECONFIG, ~/.kube/config. */
function kubeconfigOf({ kubeconfig }: Flags): string {
  const listed = (process.env['KUBECONFIG'] ?? '').split(':').find((file) => file !== '')
  return kubeconfig ?? listed ?? join(homedir(), '.kube', 'config')
}
