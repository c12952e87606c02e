/** A run of the discovery controllers as data, and how seeds become such. */
import { seededRandom } from '@slicewise/base'
import { generate } from '../../../parity/histories/generate.ts'
import type { History, Operation } from '../../../parity/histories/operation.ts'

export const meddlings = [
  'drop endpoint', 'not ready', 'annotate', 'unmanage', 'copy', 'other service',
] as const
export type Meddling = (typeof meddlings)[number]

/** What histories beside the reference do not do, for there nobody can repeat it. */
export type Trouble =
  | { readonly do: 'wait'; readonly ms: number }
  /** The process dies after so many more writes, 0 at once, and comes back later. */
  | { readonly do: 'kill'; readonly writes: number; readonly downMs: number }
  | { readonly do: 'weather'; readonly kind: 'calm' | 'storm' }
  | {
    readonly do: 'change node'; readonly name: string; readonly zone: string | null
    readonly ready: boolean
  }
  | { readonly do: 'remove node'; readonly name: string }
  /** Deleted and made again at once, with the same content. */
  | { readonly do: 'renew service'; readonly name: string }
  /** Somebody edits a slice of a controller: the one at `at` by name, counted round. */
  | { readonly do: 'meddle'; readonly at: number; readonly how: Meddling }
  /** The process's clock is set. */
  | { readonly do: 'set clock'; readonly byMs: number }
  /** Slices whose Service is gone go, as the garbage collector lets them. */
  | { readonly do: 'collect' }

export type Step = Operation | Trouble

/** Everything that a run depends on; a regression file of `parity/histories` is one too. */
export interface Simulation {
  readonly name: string
  readonly seed?: number
  /** Absent: so many that one slice holds all. */
  readonly endpointsPerSlice?: number
  readonly operations: readonly Step[]
}

export function simulationOf(seed: number, length: number): Simulation {
  const random = seededRandom(seed * 7_919 + 1)
  const operations: Step[] = [{ do: 'weather', kind: 'storm' }]
  for (const operation of generate(seed, length).operations) {
    operations.push(operation)
    if (random() < 0.5) operations.push({ do: 'wait', ms: pauseMs(random) })
    if (random() < 0.3) operations.push(trouble(random))
  }
  const endpointsPerSlice = [1, 2, 3, 100][Math.floor(random() * 4)] as number
  return { name: `s${seed}`, seed, endpointsPerSlice, operations }
}

/** The same changes of the world, and nothing that goes wrong. */
export function quietSimulationOf(seed: number, length: number): Simulation {
  const { name, endpointsPerSlice = 100, operations } = simulationOf(seed, length)
  const left = ['wait', 'kill', 'weather', 'set clock']
  const kept = operations.filter((one) => !left.includes(one.do))
  return { name, seed, endpointsPerSlice, operations: kept }
}

export const simulationFrom = ({ name, operations }: History): Simulation =>
  ({ name, seed: 1, operations: [{ do: 'weather', kind: 'storm' }, ...operations] })

function pauseMs(random: () => number): number {
  const most = [20, 200, 200, 2_000, 15_000][Math.floor(random() * 5)] as number
  return Math.floor(random() * most)
}

function trouble(random: () => number): Trouble {
  const below = (max: number): number => Math.floor(random() * max)
  const pick = <T>(...items: readonly T[]): T => items[below(items.length)] as T
  const node = pick('n1', 'n2', 'n3')
  const roll = below(20)
  if (roll < 4) return { do: 'kill', writes: below(4), downMs: pauseMs(random) }
  if (roll < 7) return { do: 'weather', kind: pick('calm', 'storm') }
  if (roll < 10) {
    return {
      do: 'change node', name: node, zone: pick('za', 'zb', 'zc', null),
      ready: random() < 0.8,
    }
  }
  if (roll < 11) return { do: 'remove node', name: node }
  if (roll < 13) return { do: 'renew service', name: pick('cart', 'pay', 'web', 'db', 'ext') }
  if (roll < 18) return { do: 'meddle', at: below(20), how: pick(...meddlings) }
  if (roll < 19) return { do: 'set clock', byMs: pick(-3_600_000, 3_600_000, 86_400_000) }
  return { do: 'collect' }
}
