import { SliceState, planService } from '@slicewise/controllers'
import {
  type Change, type EndpointSlice, type KubeObject, type Node, type Pod, type Service, type Stored,
  objectKey,
} from '@slicewise/kube'
import {
  cpuMs, heapMiB, namespace, nodeObjects, percentile, podObject, rounded, serviceObject,
} from './objects.ts'

/** One readiness flip in a Service of so many Pods, in microseconds. */
export interface ChangeCost {
  readonly pods: number
  readonly cpuUs: number
  readonly cpuUsMin: number
  readonly cpuUsMax: number
  readonly wallUsP99: number
  /** Places judged and candidates compared for one change. */
  readonly judged: number
  readonly heapMiB: number
}

const changesPerRound = 2_000

/** Rounds of all sizes take turns, so that a busy machine is busy for all. */
export function measureChanges(sizes: readonly number[], rounds: number): ChangeCost[] {
  const runs = sizes.map((pods) => {
    const before = heapMiB()
    const bench = new ChangeBench(pods)
    return { pods, bench, heap: heapMiB() - before, cpu: [] as number[], wall: [] as number[] }
  })
  for (const { bench } of runs) bench.round()
  for (let round = 0; round < rounds; round++) {
    for (const { bench, cpu, wall } of runs) {
      const since = cpuMs()
      wall.push(...bench.round())
      cpu.push((cpuMs() - since) * 1000 / changesPerRound)
    }
  }
  return runs.map(({ pods, bench, heap, cpu, wall }) => ({
    pods,
    cpuUs: rounded(percentile(cpu, 0.5)),
    cpuUsMin: rounded(Math.min(...cpu)),
    cpuUsMax: rounded(Math.max(...cpu)),
    wallUsP99: rounded(percentile(wall, 0.99)),
    judged: bench.judgedPerChange(),
    heapMiB: heap,
  }))
}

class ChangeBench {
  readonly #state = new SliceState({ onDirty: () => {} })
  readonly #pods: Stored<Pod>[]
  readonly #slices = new Map<string, Stored<EndpointSlice>>()
  readonly #key = `${namespace}/web`
  #revision = 1
  #at = 0
  bytes = 0

  constructor(pods: number) {
    for (const node of nodeObjects) this.#state.applyNode(this.#change<Node>(undefined, node))
    const service = this.#change<Service>(undefined, {
      ...serviceObject,
      spec: { ...serviceObject.spec, clusterIP: '10.96.0.9', ipFamilies: ['IPv4'] },
    })
    this.#state.applyService(service)
    this.#pods = Array.from({ length: pods }, (_, index) => {
      const change = this.#change<Pod>(undefined, podObject(index, true))
      this.#state.applyPod(change)
      return change.after as Stored<Pod>
    })
    this.#state.start()
    this.#sync()
  }

  /** Wall microseconds of each change. */
  round(): number[] {
    const times: number[] = []
    for (let i = 0; i < changesPerRound; i++) times.push(this.#flip())
    return times
  }

  judgedPerChange(): number {
    const before = this.#state.work
    for (let i = 0; i < 10; i++) this.#flip()
    return (this.#state.work - before) / 10
  }

  #flip(): number {
    this.#at = (this.#at + 7_919) % this.#pods.length
    const before = this.#pods[this.#at] as Stored<Pod>
    const ready = before.status?.conditions?.[0]?.status === 'True'
    const change = this.#change<Pod>(before, podObject(this.#at, !ready))
    this.#pods[this.#at] = change.after as Stored<Pod>
    const since = performance.now()
    this.#state.applyPod(change)
    const writes = this.#sync()
    if (writes !== 1) throw new Error(`one flip made ${writes} writes`)
    return (performance.now() - since) * 1000
  }

  #sync(): number {
    const state = this.#state.get(this.#key)
    if (state === undefined) throw new Error('the Service is not there')
    const { parts } = planService(state, {
      endpointsPerSlice: 100,
      triggerTime: state.memory.triggers.take(state.service.metadata.creationTimestamp),
    })
    let writes = 0
    for (const step of parts.flatMap((part) => part.steps)) {
      if (step.verb !== 'create' && step.verb !== 'update') throw new Error(step.verb)
      writes++
      const text = JSON.stringify(step.object)
      this.bytes += text.length
      this.#echo(JSON.parse(text) as EndpointSlice)
    }
    return writes
  }

  #echo(slice: EndpointSlice): void {
    const name = slice.metadata?.name ?? `web-${this.#revision}`
    const before = this.#slices.get(name)
    const change = this.#change<EndpointSlice>(before, {
      ...slice, metadata: { ...slice.metadata, name },
    })
    this.#slices.set(name, change.after as Stored<EndpointSlice>)
    this.#state.applySlice(change)
  }

  #change<T extends KubeObject>(before: Stored<T> | undefined, object: T): Change<T> {
    const revision = String(++this.#revision)
    const { metadata = {} } = object
    const after = {
      ...object,
      metadata: {
        ...metadata, uid: `uid-${metadata.name}`, resourceVersion: revision,
        creationTimestamp: '2026-03-01T08:00:00Z',
      },
    } as unknown as Stored<T>
    const key = objectKey(metadata)
    return { key, before, after, revision } as Change<T>
  }
}
