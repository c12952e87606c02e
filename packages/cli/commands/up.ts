import { relative } from 'node:path'
import { sleep } from '@slicewise/base'
import { type SystemConfig, defaultConfig } from '@slicewise/system'
import { type System, nodeEnv, startSystem } from '@slicewise/system/node'
import { openLog } from '../log.ts'
import { untilSignal } from '../stop.ts'

/** Flags as commander hands them over; those of other commands are absent. */
interface Flags {
  readonly listen: { readonly host: string; readonly port: number }
  readonly data: string
  readonly kubeconfig: string
  readonly serviceCidr: readonly string[]
  readonly lbCidr: readonly string[]
  readonly verbosity: number
  readonly output: 'text' | 'json'
  readonly controllers?: readonly string[]
  readonly maxEndpointsPerSlice?: number
  readonly endpointsliceUpdatesBatchPeriod?: number
  readonly nodes?: number
  readonly speed?: number
  readonly podCidr?: readonly string[]
}

/** A stop is promised within 5 s. */
const closeMsMax = 4_500

/** `slicewise up`: the whole system. Returns when it has stopped. */
export async function up(flags: Flags): Promise<void> {
  await run(flags, true)
}

/** `slicewise apiserver`: the API server alone. */
export async function apiserver(flags: Flags): Promise<void> {
  await run(flags, false)
}

async function run(flags: Flags, loops: boolean): Promise<void> {
  const config = configOf(flags)
  const stopped = untilSignal()
  const system = await startSystem({ config, loops, log: openLog(flags.verbosity) })
  process.stdout.write(flags.output === 'json'
    ? `${JSON.stringify(facts(system, config))}\n` : welcome(system, config, loops))
  await stopped
  // What was acknowledged is on disk already; a busy system may not keep its owner waiting.
  await Promise.race([system.close(), sleep(nodeEnv(), closeMsMax)])
  process.exit(0)
}

function configOf(flags: Flags): SystemConfig {
  const { options } = defaultConfig
  return {
    listen: flags.listen,
    data: flags.data,
    kubeconfig: flags.kubeconfig,
    nodes: flags.nodes ?? 0,
    controllers: flags.controllers ?? [],
    serviceCidrs: flags.serviceCidr,
    loadBalancerCidrs: flags.lbCidr,
    podCidrs: flags.podCidr ?? defaultConfig.podCidrs,
    options: {
      maxEndpointsPerSlice: flags.maxEndpointsPerSlice ?? options.maxEndpointsPerSlice,
      endpointSliceBatchMs: flags.endpointsliceUpdatesBatchPeriod ?? options.endpointSliceBatchMs,
      speed: flags.speed ?? options.speed,
    },
  }
}

/** One line that says it is ready and how to go on. */
function welcome(system: System, config: SystemConfig, loops: boolean): string {
  const what = loops ? `with ${config.nodes} simulated Nodes` : 'the API server alone'
  const file = config.kubeconfig === undefined ? '' : shortest(config.kubeconfig)
  return `slicewise is ready at ${system.url} (${what}, ${system.startMs} ms); ` +
    `next: export KUBECONFIG=${file} && kubectl get nodes\n`
}

function shortest(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : `$PWD/${near}`
}

/** The same for programs: one line of JSON. */
function facts(system: System, config: SystemConfig): object {
  return {
    ready: true, url: system.url, port: system.port, kubeconfig: config.kubeconfig,
    nodes: config.nodes, startMs: system.startMs,
  }
}
