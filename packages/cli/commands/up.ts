import { relative } from 'node:path'
import { type SystemConfig, defaultConfig } from '@slicewise/system'
import { type System, nodeEnv, startSystem } from '@slicewise/system/node'
import { type ControllerFlags, controllerOptionsOf } from '../controller-flags.ts'
import { refuseUnknownControllers } from '../controllers.ts'
import { openLog } from '../log.ts'
import { serveMetrics } from '../metrics.ts'
import { type OutputForm, printResult } from '../output.ts'
import { untilSignal } from '../stop.ts'

/** Flags as commander hands them over; those of other commands are absent. */
interface Flags extends ControllerFlags {
  readonly listen: { readonly host: string; readonly port: number }
  readonly data: string
  readonly kubeconfig: string
  readonly serviceCidr: readonly string[]
  readonly lbCidr: readonly string[]
  readonly verbosity: number
  readonly output: OutputForm
  readonly metrics?: { readonly host: string; readonly port: number }
  readonly controllers?: readonly string[]
  readonly nodes?: number
  readonly podCidr?: readonly string[]
}

/** `slicewise up`: the whole system. Returns when it has stopped. */
export async function up(flags: Flags): Promise<void> {
  await run(flags, true)
}

/** `slicewise apiserver`: the API server alone. */
export async function apiserver(flags: Flags): Promise<void> {
  await run(flags, false)
}

async function run(flags: Flags, loops: boolean): Promise<void> {
  if (loops) await refuseUnknownControllers(flags.controllers)
  const config = configOf(flags)
  const log = openLog(flags.verbosity)
  const env = nodeEnv({ log })
  const stop = untilSignal(env)
  const system = await startSystem({ config, loops, log })
  const metrics = flags.metrics && await serveMetrics({
    env, ...flags.metrics, more: () => system.metricsText(),
  })
  if (!stop.asked) {
    const facts = factsOf(system, config, metrics)
    await printResult(flags.output, facts, welcome(system, config, loops))
  }
  await stop.whenAsked
  await system.close()
  process.exit(0)
}

function configOf(flags: Flags): SystemConfig {
  return {
    listen: flags.listen,
    data: flags.data,
    kubeconfig: flags.kubeconfig,
    nodes: flags.nodes ?? 0,
    controllers: flags.controllers ?? [],
    serviceCidrs: flags.serviceCidr,
    loadBalancerCidrs: flags.lbCidr,
    podCidrs: flags.podCidr ?? defaultConfig.podCidrs,
    options: controllerOptionsOf(flags),
  }
}

/** One line that says it is ready and how to go on. */
function welcome(system: System, config: SystemConfig, loops: boolean): string {
  const what = loops ? `with ${config.nodes} simulated Nodes` : 'the API server alone'
  const file = config.kubeconfig === undefined ? '' : shortest(config.kubeconfig)
  return `slicewise is ready at ${system.url} (${what}, ${system.startMs} ms); ` +
    `next: export KUBECONFIG=${file} && kubectl get nodes`
}

function shortest(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : `$PWD/${near}`
}

/** The same for programs. */
function factsOf(system: System, config: SystemConfig, metrics: string | undefined): object {
  const { url, port, startMs } = system
  const { kubeconfig, nodes } = config
  return { ready: true, url, port, kubeconfig, nodes, startMs, ...(metrics && { metrics }) }
}
