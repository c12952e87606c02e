import { type Env, sleep } from '@slicewise/base'
import { CacheSet } from '@slicewise/client'
import {
  type ItemName, type PodReport, type ServiceReport, isInFlight, podText, readPodWorld,
  readServiceWorld, readyEndpoints, serviceText, whyPod, whyService,
} from '@slicewise/doctor'
import { type Api, resources } from '@slicewise/kube'

/** What is asked about. */
export interface Subject extends ItemName {
  readonly kind: 'Service' | 'Pod'
}

export interface Explanation {
  readonly report: ServiceReport | PodReport
  /** For a person. */
  readonly text: string
  /** 0 as it should be, 3 endpoints are missing, 1 it is not there or cannot be judged. */
  readonly exit: 0 | 1 | 3
}

export interface WhyOptions {
  readonly env: Env
  readonly api: Api
  readonly subject: Subject
}

/** Slices that differ are read once more after so long: their controller may be at work. */
const inFlightMs = 1_000

/** Explains a Service or a Pod. Reads alone. */
export async function explain(options: WhyOptions): Promise<Explanation> {
  let found = await look(options)
  if (isInFlight(found.report)) {
    await sleep(options.env, inFlightMs)
    found = await look(options)
  }
  return found
}

async function look({ env, api, subject }: WhyOptions): Promise<Explanation> {
  const item = { namespace: subject.namespace, name: subject.name }
  const nowMs = env.nowMs()
  const read = { api, item, nowMs }
  if (subject.kind === 'Pod') {
    const report = whyPod(await readPodWorld(read), item)
    return { report, text: podText(report, nowMs), exit: exitOf(report) }
  }
  const report = whyService(await readServiceWorld(read), item)
  return { report, text: serviceText(report, nowMs), exit: exitOf(report) }
}

function exitOf({ verdict }: ServiceReport | PodReport): 0 | 1 | 3 {
  if (verdict === 'as it should') return 0
  return verdict === 'lacks endpoints' ? 3 : 1
}

/**
 * Resolves with true when so many endpoints of the Service stand in its slices and are ready, with
 * false when the signal aborts before. Watches; never polls.
 */
export async function waitForReady(
  { env, api, subject }: WhyOptions, wanted: number, signal: AbortSignal,
): Promise<boolean> {
  const { namespace, name } = subject
  const stop = new AbortController()
  const caches = new CacheSet({ api, env, signal: stop.signal })
  const cache = caches.of(resources.endpointslices, {
    namespace, labelSelector: `kubernetes.io/service-name=${name}`,
  })
  const reached = await new Promise<boolean>((resolve) => {
    const look = (): void => {
      if (cache.synced && readyEndpoints([...cache.values()]) >= wanted) resolve(true)
    }
    signal.addEventListener('abort', () => resolve(false), { once: true })
    if (signal.aborted) resolve(false)
    cache.onProgress(look)
    void cache.whenSynced().then(look)
  })
  stop.abort()
  await caches.whenStopped()
  return reached
}
