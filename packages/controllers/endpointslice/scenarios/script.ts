import type { EndpointSlice, Pod, Service, Stored } from '@slicewise/kube'
import { expect } from 'vitest'
import {
  type Options, edited, nodeBody, pairs, podBody, portText, serviceBody,
} from './bodies.ts'
import { World, observedSlice, wantedText } from './world.ts'

/**
 * Runs one scenario and returns its text with the answers filled in. Commands change the world;
 * `sync` and `show` answer on their own line and on lines that begin with `  | `.
 */
export function play(lines: readonly string[]): string[] {
  const script = new Script()
  return lines.filter((line) => !line.startsWith('  | ')).flatMap((line) => script.run(line))
}

class Script {
  readonly #world = new World()
  #serviceOptions: Options = {}
  readonly #podOptions = new Map<string, Options>()
  #max = 100
  #pods = 0
  #slices = 0

  constructor() {
    this.#world.put('nodes', 'n1', { metadata: {} })
    this.#service('cart', {})
  }

  run(line: string): string[] {
    const [verb = '', ...words] = line.trim().split(/\s+/)
    if (verb === '' || verb.startsWith('#')) return [line]
    const options: Record<string, string> = {}
    const names: string[] = []
    for (const word of words) {
      const at = word.indexOf('=')
      if (at > 0) options[word.slice(0, at)] = word.slice(at + 1)
      else names.push(word)
    }
    if (verb === 'sync') return [this.#sync(names[0]?.startsWith('@') ? names[0].slice(1) : 'cart')]
    if (verb === 'show') return [line, ...this.#show(names)]
    this.#command(verb, names, options)
    return [line]
  }

  #command(verb: string, names: string[], options: Options): void {
    if (verb === 'max') this.#max = Number(names[0])
    else if (verb === 'service') this.#service(names[0] ?? 'cart', options)
    else if (verb === 'pods') for (const name of expand(names)) this.#pod(name, options)
    else if (verb === 'gone') for (const name of expand(names)) this.#goneByName(name)
    else if (verb === 'node') this.#world.put('nodes', names[0] ?? '', nodeBody(options))
    else if (verb === 'slices') this.#fill(names.map(Number), options)
    else if (verb === 'slice') this.#slice(names[0] ?? '', expand(names.slice(1)), options)
    else if (verb === 'edit') this.#edit(names[0] ?? '', options)
    else throw new Error(`unknown command ${verb}`)
  }

  #service(name: string, options: Options): void {
    this.#serviceOptions = { ...(name === 'cart' ? this.#serviceOptions : {}), ...options }
    this.#world.put('services', name, serviceBody(name, this.#serviceOptions))
  }

  #pod(name: string, options: Options): void {
    const before = this.#podOptions.get(name)
    const ip = `10.1.${(this.#pods + 1) >> 8}.${(this.#pods + 1) & 255}`
    if (before === undefined) this.#pods++
    const next = { ip, ...before, ...options }
    this.#podOptions.set(name, next)
    this.#world.put('pods', name, podBody(next))
  }

  #goneByName(name: string): void {
    const { pods, nodes, slices, services } = this.#world
    if (pods.has(name)) this.#podOptions.delete(name)
    for (const [kind, map] of Object.entries({ pods, nodes, slices, services })) {
      if (map.has(name)) this.#world.remove(kind as 'pods', name)
    }
  }

  /** Slices of these sizes, filled with the Pods that stand in no slice, in order of their names. */
  #fill(sizes: number[], options: Options): void {
    const placed = new Set([...this.#world.slices.values()].flatMap((slice) =>
      (slice.endpoints ?? []).map(({ targetRef }) => targetRef?.name)))
    const free = [...this.#world.pods.keys()].filter((name) => !placed.has(name))
    for (const size of sizes) this.#slice(`s${++this.#slices}`, free.splice(0, size), options)
  }

  #slice(name: string, podNames: readonly string[], options: Options): void {
    const service = this.#world.services.get('cart') as Stored<Service>
    const pods = podNames.map((pod) => this.#world.pods.get(pod) as Stored<Pod>)
    const family = (options['family'] ?? 'IPv4') as 'IPv4'
    const body = observedSlice(service, family, pods, this.#world.nodes)
    this.#world.put('slices', name, edited(body, options))
  }

  #edit(name: string, options: Options): void {
    const before = this.#world.slices.get(name)
    if (before === undefined) throw new Error(`no slice ${name}`)
    this.#world.put('slices', name, edited(before, options) as EndpointSlice)
  }

  #sync(service: string): string {
    expect(wantedText(this.#world.state)).toBe(wantedText(this.#world.rebuilt()))
    const plan = this.#world.plan(service, this.#max)
    const steps = plan?.parts.flatMap((part) => part.steps) ?? []
    for (const step of steps) this.#world.run(step)
    const recycled = steps.filter((step) =>
      step.verb === 'update' && !step.object.metadata?.resourceVersion).length
    const counts = ['create', 'update', 'delete'].flatMap((verb) => {
      const count = steps.filter((step) => step.verb === verb).length
      return count === 0 ? [] : [`${count} ${verb}${count === 1 ? '' : 's'}`]
    })
    const words = counts.length === 0 ? ['nothing'] : counts
    if (recycled > 0) words.push(`(${recycled} recycled)`)
    const events = (plan?.events ?? []).map(({ reason, message }) =>
      `, ${reason.replace('TopologyAwareHints', '')}: ${message}`).join('')
    const problem = plan?.problem === undefined ? '' : `, problem: ${plan.problem}`
    const which = service === 'cart' ? '' : `@${service} `
    return `sync ${which}${words.join(' ')} -> ${this.#sizes(service)}${problem}${events}`
  }

  #sizes(service: string): string {
    const slices = [...this.#world.slices.values()].filter((slice) =>
      slice.metadata.labels?.['kubernetes.io/service-name'] === service
      || slice.metadata.labels?.['kubernetes.io/service-name'] === undefined)
    const families = [...new Set(slices.map((slice) => slice.addressType))].sort()
    if (families.length === 0) return 'none'
    return families.map((family) => {
      const sizes = slices.filter((slice) => slice.addressType === family)
        .map((slice) => slice.endpoints?.length ?? 0).sort((a, b) => a - b)
      return `${families.length > 1 || family !== 'IPv4' ? `${family} ` : ''}${sizes.join(' ')}`
    }).join(', ')
  }

  #show(what: string[]): string[] {
    const [topic = ''] = what
    const slices = [...this.#world.slices.values()].sort((a, b) =>
      (a.metadata.name < b.metadata.name ? -1 : 1))
    return slices.flatMap((slice) => {
      const { name } = slice.metadata
      if (topic === 'labels') return [`  | ${name} ${pairs(slice.metadata.labels)}`]
      if (topic === 'annotations') return [`  | ${name} ${pairs(slice.metadata.annotations)}`]
      if (topic === 'names') return [`  | ${name} ${slice.endpoints?.length ?? 0}`]
      if (topic === 'owners') {
        return [`  | ${name} ${JSON.stringify(slice.metadata.ownerReferences)}`]
      }
      if (topic === 'hints') return [`  | ${name} ${hintsText(slice)}`]
      const ports = (slice.ports ?? []).map(portText).join(' ') || 'no ports'
      return [`  | ${name} ${slice.addressType} ${ports}`, ...endpointLines(slice)]
    })
  }
}

/** How many endpoints have which hints; those of another zone than their own are also counted. */
function hintsText(slice: Stored<EndpointSlice>): string {
  const counts = new Map<string, number>()
  let across = 0
  for (const { hints, zone } of slice.endpoints ?? []) {
    const zones = (hints?.forZones ?? []).map(({ name }) => name).join('+')
    const nodes = (hints?.forNodes ?? []).map(({ name }) => `/${name}`).join('+')
    const text = `${zones}${nodes}` || '-'
    counts.set(text, (counts.get(text) ?? 0) + 1)
    if (zones !== '' && zones !== zone) across++
  }
  const words = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, n]) => `${text}*${n}`)
  return `${words.join(' ')}${across > 0 ? `, ${across} across` : ''}`
}

function endpointLines(slice: Stored<EndpointSlice>): string[] {
  return (slice.endpoints ?? []).map((endpoint) => {
    const { ready, serving, terminating } = endpoint.conditions ?? {}
    const flags = [ready, serving, terminating]
      .map((flag) => (flag === undefined ? '?' : Number(flag)))
    const extra = [
      endpoint.nodeName && `node=${endpoint.nodeName}`, endpoint.zone && `zone=${endpoint.zone}`,
      endpoint.hostname && `hostname=${endpoint.hostname}`,
    ].filter(Boolean)
    return [
      `  |   ${endpoint.targetRef?.name ?? '-'}`, endpoint.addresses.join('+'), flags.join('/'),
      ...extra,
    ].join(' ')
  })
}

/** `a1..a40` becomes a1, a2 … a40. */
function expand(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const range = /^([a-z-]*)(\d+)\.\.(?:[a-z-]*)(\d+)$/.exec(word)
    if (range === null) return [word]
    const [, prefix = '', from = '', to = ''] = range
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) =>
      `${prefix}${Number(from) + i}`)
  })
}
