import { pairs, portText } from '../../endpointslice/scenarios/bodies.ts'
import { countsText, wordsOf } from '../../services/test-scenarios.ts'
import { skippedEvents } from '../plan.ts'
import { MirrorWorld, map, portOf, subsetOf } from './world.ts'

/** Runs one scenario; `sync` and `show` answer, everything else changes the world. */
export function play(lines: readonly string[]): string[] {
  const world = new MirrorWorld()
  world.putService({})
  const state = { world, max: 1_000 }
  return lines.flatMap((line) => run(state, line))
}

function run(state: { world: MirrorWorld; max: number }, line: string): string[] {
  const { world } = state
  const [head = '', ...subsets] = line.split('|')
  const [verb = '', ...words] = head.trim().split(/\s+/)
  const { options, names: [name = '', ...rest] } = wordsOf(words)
  if (verb === '' || verb.startsWith('#')) return [line]
  if (verb === 'sync') return [sync(world, state.max)]
  if (verb === 'show') return [line, ...show(world, name)]
  if (verb === 'max') state.max = Number(name)
  else if (verb === 'service') world.putService(options)
  else if (verb === 'endpoints') world.putEndpoints(options, subsets.map(subsetOf))
  else if (verb === 'gone') remove(world, name)
  else if (verb === 'copy') copy(world, name, rest[0] ?? '', options)
  else throw new Error(`unknown command ${verb}`)
  return [line]
}

function remove(world: MirrorWorld, what: string): void {
  if (what === 'service') world.service = undefined
  else if (what === 'endpoints') world.endpoints = undefined
  else world.slices.delete(what)
}

/** A slice under another name or its own, with other labels, annotations, ports or owner. */
function copy(
  world: MirrorWorld, from: string, to: string, options: Readonly<Record<string, string>>,
): void {
  const slice = world.slices.get(from)
  if (slice === undefined) throw new Error(`no slice ${from}`)
  const { labels, annotations, ownerReferences = [] } = slice.metadata
  world.putSlice(to, {
    ...slice,
    ...(options['ports'] === undefined ? {} : { ports: [portOf(options['ports'])] }),
    metadata: {
      ...slice.metadata,
      labels: { ...labels, ...map(options['labels'] ?? '') },
      annotations: { ...annotations, ...map(options['annotations'] ?? '') },
      ownerReferences: ownerReferences.map((one) => ({ ...one, uid: options['owner'] ?? one.uid })),
      ...(options['deleting'] === 'true' ? { deletionTimestamp: '2026-03-01T12:00:00Z' } : {}),
    },
  })
}

function sync(world: MirrorWorld, max: number): string {
  const plan = world.plan(max)
  for (const step of plan.steps) world.run(step)
  const events = plan.mirror === undefined || world.endpoints === undefined
    ? [] : skippedEvents(world.endpoints, plan.mirror, max)
  const told = events.map(({ reason, message }) =>
    `${reason}(${(/\d+ (?=texts|were)/.exec(message) ?? [''])[0].trim()})`)
  const sizes = [...world.slices.values()]
    .map((slice) => `${slice.addressType} ${slice.endpoints?.length ?? 0}`).sort()
  return [`sync ${countsText(plan.steps)} -> ${sizes.join(', ') || 'none'}`, ...told].join(' ')
}

function show(world: MirrorWorld, topic: string): string[] {
  return [...world.slices.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((slice) => {
      const { name, labels, annotations, ownerReferences } = slice.metadata
      if (topic === 'labels') return [`  | ${name} ${pairs(labels)}`]
      if (topic === 'annotations') return [`  | ${name} ${pairs(annotations)}`]
      if (topic === 'owners') return [`  | ${name} ${JSON.stringify(ownerReferences)}`]
      const ports = (slice.ports ?? []).map(portText).join(' ') || 'no ports'
      const lines = (slice.endpoints ?? []).map(({ addresses, conditions, ...more }) =>
        `  |   ${addresses.join('+')} ${JSON.stringify(conditions)} ${JSON.stringify(more)}`)
      return [`  | ${name} ${slice.addressType} ${ports}`, ...lines]
    })
}
