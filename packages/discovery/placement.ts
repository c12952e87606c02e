import { SortedMap, assert } from '@slicewise/base'
import type { Endpoint, EndpointPort, EndpointSlice, Stored } from '@slicewise/kube'
import type { Family } from './address.ts'
import { isSameEndpoint, isSameState } from './endpoint.ts'
import { HintLedger } from './hints/ledger.ts'
import { type HintMode, noHints } from './hints/mode.ts'
import { type HintTally, isReady } from './hints/tally.ts'
import { type PortGroup, portsKey } from './ports.ts'
import { type Labels, labelsDiffer } from './service-labels.ts'

/** What one Pod is to a Service in one family. Without an endpoint it still wants its ports. */
export interface Wanted {
  readonly ports: PortGroup
  readonly endpoint: Endpoint | undefined
}

/** `keep`: stands as wanted. `change`: stands in another state. `drop`: must not stand there. */
type Verdict = 'keep' | 'change' | 'drop'

/** One endpoint as a slice holds it. */
interface Held {
  readonly slice: HeldSlice
  readonly index: number
  readonly endpoint: Endpoint
  verdict: Verdict
  /** The same Pod elsewhere: in another slice, or twice in this one. Rare. */
  next: Held | undefined
}

/** An observed slice of ours. It needs a write when it drops or changes anything or `relabel`. */
export interface HeldSlice {
  readonly name: string
  readonly slice: Stored<EndpointSlice>
  readonly group: Group
  readonly held: readonly Held[]
  readonly relabel: boolean
  readonly hints: HintTally
  drops: number
  changes: number
  /** Where the group files it: undefined while it needs a write. */
  filed: 'clean' | 'dirty' | undefined
}

/** The slices and Pods that share one set of ports. */
interface Group {
  readonly key: string
  ports: readonly EndpointPort[]
  /** Pods that want these ports, with an endpoint or without. */
  pods: number
  endpoints: number
  readonly unplaced: Map<string, Endpoint>
  readonly slices: Map<string, HeldSlice>
  readonly dirty: Set<HeldSlice>
  /** Slices that need no write, by size (the API allows 1000), within a size by name. */
  readonly clean: (SortedMap<HeldSlice> | undefined)[]
}

/** What packing sees of a group; all of it observed or wanted, nothing planned. */
export interface GroupView {
  readonly ports: readonly EndpointPort[]
  /** False: no Pod wants these ports any more, so all slices go. */
  readonly wanted: boolean
  readonly slices: readonly HeldSlice[]
  readonly dirty: readonly HeldSlice[]
  readonly unplaced: ReadonlyMap<string, Endpoint>
  /** The fullest clean slice with at most `sizeMax` endpoints; of equals the first by name. */
  fullest(sizeMax: number): HeldSlice | undefined
}

/**
 * Which slice holds what, for one Service and family: observed slices on one side, wanted endpoints
 * on the other, and what differs kept up to date as either side moves. A move costs what it
 * touches: one Pod its own places, one slice its own endpoints; never the size of the Service.
 *
 * All observed slices have the family and carry the Service's name; slices owned by anyone but
 * `ownerUid` are strangers, which are deleted and never filled.
 */
export class Placement {
  readonly family: Family
  readonly hints: HintLedger<HeldSlice>
  readonly #namespace: string
  readonly #labels: Labels
  readonly #ownerUid: string
  readonly #wanted = new Map<string, { group: Group; endpoint: Endpoint | undefined }>()
  readonly #held = new Map<string, Held>()
  readonly #groups = new Map<string, Group>()
  readonly #slices = new Map<string, HeldSlice>()
  readonly #strangers = new Map<string, Stored<EndpointSlice>>()
  /** Groups that need attention; a group without wants and slices does not exist. */
  readonly #restless = new Set<Group>()
  #endpoints = 0
  #ready = 0
  /** Places judged so far; a measure of work for tests and benchmarks. */
  judged = 0

  constructor(options: {
    family: Family; namespace: string; ownerUid: string; labels: Labels; hintMode?: HintMode
  }) {
    this.family = options.family
    this.hints = new HintLedger(options.hintMode ?? noHints)
    this.#namespace = options.namespace
    this.#ownerUid = options.ownerUid
    this.#labels = options.labels
  }

  /** Observed slices, strangers included. */
  get sliceCount(): number { return this.#slices.size + this.#strangers.size }

  /** Wanted endpoints. */
  get endpointCount(): number {
    return this.#endpoints
  }

  /** Wanted endpoints that are ready. */
  get readyCount(): number {
    return this.#ready
  }

  /** Endpoints wanted by each group of ports: what the ideal number of slices follows from. */
  *groupSizes(): IterableIterator<number> {
    for (const group of this.#groups.values()) if (group.pods > 0) yield group.endpoints
  }

  get strangers(): readonly Stored<EndpointSlice>[] {
    return [...this.#strangers.values()].sort(byName)
  }

  /** Groups that differ from what is wanted, by their key. */
  restless(): GroupView[] {
    return [...this.#restless].sort((a, b) => (a.key < b.key ? -1 : 1)).map(view)
  }

  /** Endpoints wanted now, by Pod name: `undefined` for a Pod that only wants its ports. */
  *wanted(): IterableIterator<[string, Wanted]> {
    for (const [pod, { group, endpoint }] of this.#wanted) {
      yield [pod, { ports: { key: group.key, ports: group.ports }, endpoint }]
    }
  }

  /** Sets what a Pod is to the Service. Returns false when that was known. */
  want(pod: string, next: Wanted | undefined): boolean {
    const before = this.#wanted.get(pod)
    if (before === undefined && next === undefined) return false
    if (before !== undefined && next !== undefined && isSame(before, next)) return false
    if (before !== undefined) this.#unwant(pod, before)
    if (next !== undefined) this.#enter(pod, next)
    this.#judge(pod)
    if (before !== undefined) this.#calm(before.group)
    return true
  }

  /** A slice as it is now; replaces what was known under its name. */
  show(slice: Stored<EndpointSlice>): void {
    const { name } = slice.metadata
    const before = this.#detach(name)
    if (!isOwnedBy(slice, this.#ownerUid)) {
      this.#strangers.set(name, slice)
      return this.#judgeAll(before)
    }
    const group = this.#group(portsKey(slice.ports), slice.ports ?? [])
    const held: Held[] = []
    const entry: HeldSlice = {
      name, slice, group, held, relabel: labelsDiffer(slice.metadata.labels, this.#labels),
      hints: this.hints.tally(slice.endpoints ?? []),
      drops: 0, changes: 0, filed: undefined,
    }
    this.#slices.set(name, entry)
    this.hints.show(entry)
    group.slices.set(name, entry)
    for (const [index, endpoint] of (slice.endpoints ?? []).entries()) {
      const one: Held = { slice: entry, index, endpoint, verdict: 'drop', next: undefined }
      entry.drops++
      held.push(one)
      this.#link(one)
    }
    this.#file(entry)
    this.#judgeAll(before)
    this.#judgeAll(entry)
    this.#calm(group)
  }

  hide(name: string): void {
    this.#judgeAll(this.#detach(name))
  }

  /** The endpoints that a slice keeps, as they are wanted now; what it drops is left out. */
  kept(entry: HeldSlice): Endpoint[] {
    const kept: Endpoint[] = []
    for (const { verdict, endpoint } of entry.held) {
      if (verdict === 'drop') continue
      const wanted = this.#wanted.get(endpoint.targetRef?.name ?? '')?.endpoint
      assert(wanted !== undefined, 'a slice keeps an endpoint that nobody wants')
      kept.push(wanted)
    }
    return kept
  }

  /** Takes a slice out; its Pods have to be judged anew. */
  #detach(name: string): HeldSlice | undefined {
    this.#strangers.delete(name)
    const entry = this.#slices.get(name)
    if (entry === undefined) return undefined
    this.#slices.delete(name)
    this.hints.hide(entry)
    entry.group.slices.delete(name)
    this.#unfile(entry)
    for (const one of entry.held) this.#unlink(one)
    this.#calm(entry.group)
    return entry
  }

  #judgeAll(entry: HeldSlice | undefined): void {
    for (const { endpoint } of entry?.held ?? []) {
      const pod = this.#podOf(endpoint)
      if (pod !== undefined) this.#judge(pod)
    }
  }

  #enter(pod: string, next: Wanted): void {
    const group = this.#group(next.ports.key, next.ports.ports)
    group.ports = next.ports.ports
    group.pods++
    if (next.endpoint !== undefined) {
      group.endpoints++
      this.#endpoints++
      if (isReady(next.endpoint)) this.#ready++
    }
    this.#wanted.set(pod, { group, endpoint: next.endpoint })
  }

  #unwant(pod: string, before: { group: Group; endpoint: Endpoint | undefined }): void {
    before.group.pods--
    before.group.unplaced.delete(pod)
    if (before.endpoint !== undefined) {
      before.group.endpoints--
      this.#endpoints--
      if (isReady(before.endpoint)) this.#ready--
    }
    this.#wanted.delete(pod)
  }

  /** Decides for every place of a Pod whether its endpoint stays there, and whether it has one. */
  #judge(pod: string): void {
    const wanted = this.#wanted.get(pod)
    const endpoint = wanted?.endpoint
    const home = wanted && endpoint && this.#homeOf(pod, wanted.group, endpoint)
    for (let one = this.#held.get(pod); one !== undefined; one = one.next) {
      this.judged++
      const stays = one === home && endpoint !== undefined
      if (!stays) this.#decide(one, 'drop')
      else this.#decide(one, isSameState(one.endpoint, endpoint) ? 'keep' : 'change')
    }
    if (wanted === undefined) return
    if (endpoint !== undefined && home === undefined) wanted.group.unplaced.set(pod, endpoint)
    else wanted.group.unplaced.delete(pod)
    this.#calm(wanted.group)
  }

  /** Of several places the first slice by name wins, and in a slice the first place. */
  #homeOf(pod: string, group: Group, endpoint: Endpoint): Held | undefined {
    let home: Held | undefined
    for (let one = this.#held.get(pod); one !== undefined; one = one.next) {
      if (one.slice.group !== group || !isSameEndpoint(one.endpoint, endpoint)) continue
      if (home === undefined || isBefore(one, home)) home = one
    }
    return home
  }

  #decide(one: Held, verdict: Verdict): void {
    if (one.verdict === verdict) return
    const { slice } = one
    count(slice, one.verdict, -1)
    one.verdict = verdict
    count(slice, verdict, 1)
    this.#file(slice)
  }

  #file(entry: HeldSlice): void {
    const next = entry.relabel || entry.drops > 0 || entry.changes > 0 ? 'dirty' : 'clean'
    if (entry.filed === next) return
    this.#unfile(entry)
    entry.filed = next
    if (next === 'dirty') entry.group.dirty.add(entry)
    else bucket(entry.group, entry.held.length).set(entry.name, entry)
    if (next === 'clean') this.hints.settle(entry)
    this.#calm(entry.group)
  }

  #unfile(entry: HeldSlice): void {
    if (entry.filed === 'dirty') entry.group.dirty.delete(entry)
    if (entry.filed === 'clean') {
      entry.group.clean[entry.held.length]?.delete(entry.name)
      this.hints.unsettle(entry)
    }
    entry.filed = undefined
  }

  /** Keeps the list of groups that need attention, and forgets groups that nobody needs. */
  #calm(group: Group): void {
    const unused = group.pods === 0
    if (unused && group.slices.size === 0) {
      if (this.#groups.get(group.key) === group) this.#groups.delete(group.key)
      this.#restless.delete(group)
    } else if (unused || group.dirty.size > 0 || group.unplaced.size > 0) {
      this.#restless.add(group)
    } else {
      this.#restless.delete(group)
    }
  }

  #group(key: string, ports: readonly EndpointPort[]): Group {
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = {
        key, ports, pods: 0, endpoints: 0, unplaced: new Map(), slices: new Map(),
        dirty: new Set(), clean: [],
      }
      this.#groups.set(key, group)
    }
    return group
  }

  /** The Pod that an observed endpoint can be of; undefined for one made by hand. */
  #podOf(endpoint: Endpoint): string | undefined {
    const ref = endpoint.targetRef
    return ref?.namespace === this.#namespace ? ref.name : undefined
  }

  #link(one: Held): void {
    const pod = this.#podOf(one.endpoint)
    if (pod === undefined) return
    one.next = this.#held.get(pod)
    this.#held.set(pod, one)
  }

  #unlink(one: Held): void {
    const pod = this.#podOf(one.endpoint)
    if (pod === undefined) return
    const first = this.#held.get(pod)
    if (first === one) {
      if (one.next === undefined) this.#held.delete(pod)
      else this.#held.set(pod, one.next)
      return
    }
    for (let at = first; at !== undefined; at = at.next) {
      if (at.next === one) at.next = one.next
    }
  }
}

/** The controller-made owner reference to this very Service. */
export function isOwnedBy(slice: EndpointSlice, uid: string): boolean {
  return slice.metadata?.ownerReferences?.some((owner) =>
    owner.kind === 'Service' && owner.apiVersion === 'v1' && owner.uid === uid) ?? false
}

function isSame(
  before: { group: Group; endpoint: Endpoint | undefined }, next: Wanted,
): boolean {
  if (before.group.key !== next.ports.key) return false
  if (before.endpoint === undefined || next.endpoint === undefined) {
    return before.endpoint === next.endpoint
  }
  return isSameEndpoint(before.endpoint, next.endpoint)
    && isSameState(before.endpoint, next.endpoint)
}

function isBefore(a: Held, b: Held): boolean {
  return a.slice === b.slice ? a.index < b.index : a.slice.name < b.slice.name
}

function count(slice: HeldSlice, verdict: Verdict, by: 1 | -1): void {
  if (verdict === 'drop') slice.drops += by
  if (verdict === 'change') slice.changes += by
}

function bucket(group: Group, size: number): SortedMap<HeldSlice> {
  return (group.clean[size] ??= new SortedMap())
}

function view(group: Group): GroupView {
  return {
    ports: group.ports,
    wanted: group.pods > 0,
    get slices() { return [...group.slices.values()].sort(byEntryName) },
    get dirty() { return [...group.dirty].sort(byEntryName) },
    unplaced: group.unplaced,
    fullest(sizeMax) {
      for (let size = Math.min(sizeMax, group.clean.length - 1); size >= 0; size--) {
        for (const [, entry] of group.clean[size] ?? []) return entry
      }
      return undefined
    },
  }
}

const byEntryName = (a: HeldSlice, b: HeldSlice): number => (a.name < b.name ? -1 : 1)
const byName = (a: Stored<EndpointSlice>, b: Stored<EndpointSlice>): number =>
  (a.metadata.name < b.metadata.name ? -1 : 1)
