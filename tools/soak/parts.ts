/** The parts of a soak: a test or a script, its size, and how it is cut into chunks. */

export interface Part {
  readonly what: string
  /** Units in all, and in one chunk; a chunk is never taken up half-way. */
  readonly wanted: number
  readonly chunk: number
  /** Arguments of node for `units` of work with a seed, and what to set in the environment. */
  readonly command: (units: number, seed: number) => readonly string[]
  readonly env: (units: number, seed: number) => Readonly<Record<string, string>>
}

const vitest = (...rest: readonly string[]): readonly string[] =>
  ['node_modules/vitest/vitest.mjs', 'run', '--no-color', ...rest]

const counted = (name: string) => (units: number, seed: number): Record<string, string> =>
  ({ [name]: String(units), SLICEWISE_SEED: String(seed) })

export const parts: Readonly<Record<string, Part>> = {
  kills: {
    what: 'kills of a process that writes into the lmdb store', wanted: 500, chunk: 20,
    command: () => vitest('packages/store/lmdb-crash.test.ts'), env: counted('SLICEWISE_KILLS'),
  },
  fuzz: {
    what: 'odd requests over HTTPS, without a 500', wanted: 200_000, chunk: 10_000,
    command: () => vitest('packages/server/http/fuzz.test.ts'), env: counted('SLICEWISE_FUZZ'),
  },
  system: {
    what: 'kills of the whole system under load', wanted: 100, chunk: 5,
    command: () => vitest('packages/system/restart.test.ts', '-t', 'kills under load'),
    env: counted('SLICEWISE_KILLS'),
  },
  leader: {
    what: 'kills of the leading one of three processes under churn', wanted: 200, chunk: 20,
    command: () => vitest('packages/cli/leader.test.ts', '-t', 'leaders are killed'),
    env: counted('SLICEWISE_LEADER_KILLS'),
  },
  elections: {
    what: 'elections behind broken clocks, pauses and connections', wanted: 2_000, chunk: 200,
    command: () => vitest('packages/engine/election.test.ts', '-t', 'who writes holds the lease'),
    env: counted('SLICEWISE_ELECTIONS'),
  },
  watches: {
    what: 'seeds of caches behind failing watches', wanted: 100, chunk: 1,
    command: () => vitest('packages/client/reflector.test.ts', '-t', 'all of it happens'),
    env: (_units, seed) => ({ SLICEWISE_SEED: String(seed) }),
  },
  simulation: {
    what: 'simulated histories of the discovery controllers behind networks that fail',
    wanted: 10_000, chunk: 500,
    command: () => vitest('packages/controllers/simulation', '-t', 'whatever befalls'),
    env: counted('SLICEWISE_SIMULATIONS'),
  },
  pods: {
    what: 'Pods made, ready, 1 % replaced, deleted; slices verified at each step',
    wanted: 100_000, chunk: 100_000,
    // Server, store, controllers, Nodes and what checks them share one heap.
    command: (units) => [
      '--max-old-space-size=10240', '--import', 'tsx', 'tools/soak/pods.ts', String(units),
    ],
    env: () => ({}),
  },
  histories: {
    what: 'seeded histories of 200 steps beside the real controllers, compared after each step',
    wanted: 1_000, chunk: 40,
    command: (units, seed) => [
      '--import', 'tsx', 'parity/histories/main.ts', 'ours', '--histories', String(units),
      '--seed', String(seed),
    ],
    env: () => ({}),
  },
}
