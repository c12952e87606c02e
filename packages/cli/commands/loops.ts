import { Metrics } from '@slicewise/base'
import { CountingTransport } from '@slicewise/client'
import { type Election, FencedApi } from '@slicewise/engine'
import { type ControlLoops, type SystemConfig, defaultConfig, startControlLoops }
  from '@slicewise/system'
import { loopSignal, nodeEnv } from '@slicewise/system/node'
import { type AccessFlags, type OpenApi, openApi } from '../access.ts'
import { type ControllerFlags, controllerOptionsOf } from '../controller-flags.ts'
import { controllersFor, isOurs, refuseUnknownControllers } from '../controllers.ts'
import { type LeaderFlags, candidate, refuseBadTerms } from '../leader.ts'
import { openLog } from '../log.ts'
import { serveMetrics } from '../metrics.ts'
import { type OutputForm, printResult } from '../output.ts'
import { untilSignal } from '../stop.ts'

/** Flags of the components that work on an API server, whoever's it is. */
interface Flags extends AccessFlags, ControllerFlags, LeaderFlags {
  readonly output: OutputForm
  readonly metrics?: { readonly host: string; readonly port: number }
  readonly verbosity: number
  readonly controllers?: readonly string[]
  readonly nodes?: number
  readonly podCidr?: readonly string[]
}

type Work = Pick<SystemConfig, 'controllers' | 'nodes'>

/** `slicewise controllers`: the controllers against any API server, alone or as one of several. */
export async function controllers(flags: Flags): Promise<void> {
  await refuseUnknownControllers(flags.controllers)
  refuseBadTerms(flags)
  await run(flags, async ({ transport }, env, signal) => ({
    controllers: controllersFor(flags.controllers, await isOurs(transport, env, signal)),
    nodes: 0,
  }))
}

/** `slicewise nodes`: simulated Nodes against any API server. */
export async function nodes(flags: Flags): Promise<void> {
  const nodes = flags.nodes ?? defaultConfig.nodes
  await run(flags, () => Promise.resolve({ controllers: ['-*'], nodes }))
}

type Choose =
  (opened: OpenApi, env: ReturnType<typeof nodeEnv>, signal: AbortSignal) => Promise<Work>

async function run(flags: Flags, choose: Choose): Promise<void> {
  const env = nodeEnv({ log: openLog(flags.verbosity) })
  const stop = untilSignal(env)
  const abort = loopSignal()
  void stop.whenAsked.then(() => abort.abort())
  const metrics = new Metrics()
  const opened = await openApi(flags, { env, wrap: (inner, server) => {
    const counting = new CountingTransport(inner, { env, server })
    metrics.add(() => counting.families())
    return counting
  } })
  const { api, transport, server } = opened
  let unready: string | undefined = 'the caches are not filled'
  const served = flags.metrics && await serveMetrics({
    env, ...flags.metrics, more: () => metrics.text(), unready: () => unready,
  })
  const work = await choose(opened, env, abort.signal)
  const election = flags.leaderElect === true ? candidate(flags, { api, env, metrics }) : undefined
  const startLoops = (): ControlLoops => startControlLoops({
    env, metrics, abort,
    api: election === undefined ? api : new FencedApi(api, () => election.mayWrite()),
    config: {
      ...work,
      podCidrs: flags.podCidr ?? defaultConfig.podCidrs,
      options: controllerOptionsOf(flags),
    },
  })
  await printResult(flags.output, { server, ...(served && { metrics: served }) },
    `slicewise works on ${server}`)
  // One that waits its turn is ready to take over.
  if (election !== undefined) unready = undefined
  if (election !== undefined && !await untilLeading(election, stop.whenAsked)) {
    await transport.close()
    process.exit(0)
  }
  const loops = startLoops()
  void loops.whenSynced().then(() => {
    unready = undefined
  })
  await stop.whenAsked
  await loops.stop()
  await election?.leave()
  await transport.close()
  process.exit(0)
}

/**
 * False when the program was asked to stop first. From then on a loss of the lease ends the program
 * at once, as kube-controller-manager does: what it was about to write is another's to write now.
 */
async function untilLeading(election: Election, stopped: Promise<void>): Promise<boolean> {
  void election.whenLost.then((because) => {
    process.stderr.write(`slicewise: no longer leading, ${because}\n`)
    process.exit(1)
  })
  const leads = await Promise.race([election.whenLeading, stopped.then(() => false)])
  if (!leads) await election.leave()
  return leads
}
