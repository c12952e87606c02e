import { type Env, sleep } from '@slicewise/base'
import { CacheSet } from '@slicewise/client'
import {
  Shadow, type ShadowReport, shadowSubjects, shadowText,
} from '@slicewise/doctor'
import { type Api, type ResourceRef, StatusError, resources } from '@slicewise/kube'
import { loopSignal, nodeEnv } from '@slicewise/system/node'
import { selectControllers } from '@slicewise/controllers'
import { type AccessFlags, openApi } from '../access.ts'
import { type ControllerFlags, controllerOptionsOf } from '../controller-flags.ts'
import { refuseUnknownControllers } from '../controllers.ts'
import { UsageError } from '../fault.ts'
import { openLog } from '../log.ts'
import { type OutputForm, printResult } from '../output.ts'
import { untilSignal } from '../stop.ts'

export interface ShadowFlags extends AccessFlags, ControllerFlags {
  readonly controllers: readonly string[]
  readonly output: OutputForm
  readonly watch?: boolean
  readonly verbosity: number
}

/** `slicewise controllers --shadow`: sets the exit status, 0 they agree, 3 they do not. */
export async function shadow(flags: ShadowFlags): Promise<void> {
  const controllers = await chosen(flags.controllers)
  const env = nodeEnv({ log: openLog(flags.verbosity) })
  const stop = untilSignal(env)
  const abort = loopSignal()
  void stop.whenAsked.then(() => abort.abort())
  const { api, transport } = await openApi(flags)
  await mayRead(api)
  const options = controllerOptionsOf(flags)
  const caches = new CacheSet({ api, env, signal: abort.signal })
  const watching = new Shadow({
    env, api, caches, controllers,
    endpointsPerSlice: options.maxEndpointsPerSlice,
    mirroredAddressesMax: options.mirroringMaxEndpointsPerSubset,
  })
  await Promise.race([watching.start(), stop.whenAsked])
  let report = await watching.settle(abort.signal)
  await print(flags.output, report, env)
  while (flags.watch === true && !abort.signal.aborted) {
    await sleep(env, 1_000, abort.signal).catch(() => undefined)
    const next = await watching.settle(abort.signal)
    if (!abort.signal.aborted && isNews(report, next)) await print(flags.output, next, env)
    report = next
  }
  process.exitCode = report.agrees ? 0 : 3
  abort.abort()
  await caches.whenStopped()
  await transport.close()
  // After a signal the time to end is being counted, which would end it with another status.
  if (stop.asked) process.exit()
}

/** The controllers that can be compared, of those that `--controllers` takes. */
async function chosen(names: readonly string[]): Promise<string[]> {
  await refuseUnknownControllers(names)
  const known = selectControllers(names).map(({ name }) => name)
    .filter((name) => name in shadowSubjects)
  if (known.length > 0) return known
  throw new UsageError(`--shadow compares ${Object.keys(shadowSubjects).join(', ')}: choose some`)
}

/** Rights that lack are told at once; a watch would try again for ever. */
async function mayRead(api: Api): Promise<void> {
  const { services, pods, nodes, endpointslices, endpoints } = resources
  const refs = [services, pods, nodes, endpointslices, endpoints] as ResourceRef[]
  await Promise.all(refs.map((ref) => api.list(ref, { limit: 1 }).catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.reason !== 'Forbidden') throw error
    throw new Error(`may not list ${ref.resource} of all namespaces, which --shadow needs: ${
      error.message}`, { cause: error })
  })))
}

const isNews = (before: ShadowReport, after: ShadowReport): boolean =>
  JSON.stringify(before.differing) !== JSON.stringify(after.differing)

const print = (output: OutputForm, report: ShadowReport, env: Env): Promise<void> =>
  printResult(output, report, shadowText(report, env.nowMs()).trimEnd())
