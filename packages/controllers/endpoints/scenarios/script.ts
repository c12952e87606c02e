import type { Endpoints, EndpointsAddress, Stored } from '@slicewise/kube'
import { type Options, pairs, podBody, serviceBody } from '../../endpointslice/scenarios/bodies.ts'
import { countsText, wordsOf } from '../../services/test-scenarios.ts'
import { map } from '../../mirroring/scenarios/world.ts'
import { EndpointsWorld } from './world.ts'

/** Runs one scenario; `sync` and `show` answer, everything else changes the world. */
export function play(lines: readonly string[]): string[] {
  const script = new Script()
  return lines.flatMap((line) => script.run(line))
}

class Script {
  readonly #world = new EndpointsWorld()
  readonly #podOptions = new Map<string, Options>()
  #serviceOptions: Options = {}
  #max = 1_000
  #pods = 0

  constructor() {
    this.#service({})
  }

  run(line: string): string[] {
    const [verb = '', ...words] = line.trim().split(/\s+/)
    if (verb === '' || verb.startsWith('#')) return [line]
    const { options, names } = wordsOf(words)
    if (verb === 'sync') return [this.#sync()]
    if (verb === 'show') return [line, ...this.#show(names[0] ?? '')]
    if (verb === 'max') this.#max = Number(names[0])
    else if (verb === 'service') this.#service(options)
    else if (verb === 'pods') for (const name of names.flatMap(expand)) this.#pod(name, options)
    else if (verb === 'gone') for (const name of names.flatMap(expand)) this.#gone(name)
    else if (verb === 'edit') this.#edit(options)
    else throw new Error(`unknown command ${verb}`)
    return [line]
  }

  #service(options: Options): void {
    this.#serviceOptions = { ...this.#serviceOptions, ...options }
    this.#world.putService('cart', serviceBody('cart', this.#serviceOptions))
  }

  #pod(name: string, options: Options): void {
    const before = this.#podOptions.get(name)
    if (before === undefined) this.#pods++
    const next = { ip: `10.1.${this.#pods >> 8}.${this.#pods & 255}`, ...before, ...options }
    this.#podOptions.set(name, next)
    this.#world.putPod(name, podBody(next))
  }

  #gone(name: string): void {
    if (name === 'cart') return this.#world.remove('services', name)
    if (name === 'endpoints') return this.#world.remove('endpoints', 'cart')
    this.#podOptions.delete(name)
    this.#world.remove('pods', name)
  }

  /** Somebody edits the Endpoints; a value `REMOVED` takes a label or annotation away. */
  #edit(options: Options): void {
    const stored = this.#world.endpoints.get('cart')
    if (stored === undefined) throw new Error('no Endpoints')
    const labels = edited(stored.metadata.labels, options['labels'])
    const annotations = edited(stored.metadata.annotations, options['annotations'])
    const subsets = options['subsets'] === 'none' ? [] : (stored.subsets ?? [])
    const ordered = options['order'] === 'reversed' ? reversed(subsets) : subsets
    this.#world.putEndpoints('cart', {
      ...stored, metadata: { ...stored.metadata, labels, annotations },
      ...(ordered === undefined ? {} : { subsets: ordered }),
    } as Stored<Endpoints>)
  }

  #sync(): string {
    const step = this.#world.plan('cart', this.#max)
    this.#world.run(step)
    const stored = this.#world.endpoints.get('cart')
    const sizes = stored?.subsets?.map(({ addresses = [], notReadyAddresses = [] }) =>
      `${addresses.length}+${notReadyAddresses.length}`).join(' ') || 'no subsets'
    const written = countsText(step === undefined ? [] : [step])
    return `sync ${written} -> ${stored === undefined ? 'none' : sizes}`
  }

  #show(topic: string): string[] {
    const stored = this.#world.endpoints.get('cart')
    if (topic === 'labels') return [`  | ${pairs(stored?.metadata.labels)}`]
    if (topic === 'annotations') return [`  | ${pairs(stored?.metadata.annotations)}`]
    return (stored?.subsets ?? []).flatMap(({ ports = [], ...subset }) => [
      `  | ${ports.map((port) => `${port.name ?? '-'}:${port.port}/${port.protocol}${
        port.appProtocol === undefined ? '' : `+${port.appProtocol}`}`).join(' ') || 'no ports'}`,
      ...(subset.addresses ?? []).map((one) => `  |   ${addressText(one)}`),
      ...(subset.notReadyAddresses ?? []).map((one) => `  |   not ready ${addressText(one)}`),
    ])
  }
}

const addressText = ({ ip, nodeName, hostname, targetRef }: EndpointsAddress): string =>
  [ip, targetRef?.name, nodeName && `node=${nodeName}`, hostname && `hostname=${hostname}`]
    .filter(Boolean).join(' ')

function edited(
  texts: Readonly<Record<string, string>> | undefined, changes: string | undefined,
): Record<string, string> {
  const next = { ...texts, ...map(changes ?? '') }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== 'REMOVED'))
}

function reversed(subsets: NonNullable<Endpoints['subsets']>): NonNullable<Endpoints['subsets']> {
  return [...subsets].reverse().map((subset) => ({
    ...subset,
    ...(subset.ports === undefined ? {} : { ports: [...subset.ports].reverse() }),
  }))
}

/** `a1..a40` becomes a1, a2 … a40. */
function expand(word: string): string[] {
  const range = /^([a-z-]*)(\d+)\.\.(?:[a-z-]*)(\d+)$/.exec(word)
  if (range === null) return [word]
  const [, prefix = '', from = '', to = ''] = range
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) =>
    `${prefix}${Number(from) + i}`)
}
