/** What the design asks for, figure by figure; `met` sees medians. */
export interface Goal {
  readonly part: string
  readonly figure: string
  /** As it is said in the table. */
  readonly goal: string
  /** Undefined when the reference is needed and was not measured. */
  readonly met: (ours: number, reference: number | undefined) => boolean | undefined
}

const under = (limit: number) => (ours: number): boolean => ours < limit
const ratio = (holds: (ours: number, reference: number) => boolean) =>
  (ours: number, reference: number | undefined): boolean | undefined =>
    (reference === undefined ? undefined : holds(ours, reference))

const change = (where: string, pods: string): Goal => ({
  part: 'slices', figure: `${where}: controller CPU a change, ${pods} Pods, ms`,
  goal: 'under 1 ms at every size', met: under(1),
})

export const goals: readonly Goal[] = [
  { part: 'start', figure: '`up` to /readyz, ms', goal: 'under 500 ms', met: under(500) },
  {
    part: 'start', figure: '20,000 objects to /readyz, ms', goal: 'under 1,000 ms',
    met: under(1_000),
  },
  {
    part: 'planes', figure: 'startControlPlane, one of 20 at once, ms', goal: 'under 100 ms',
    met: under(100),
  },
  {
    part: 'http', figure: 'creates/s', goal: '3 times the reference',
    met: ratio((ours, reference) => ours >= 3 * reference),
  },
  {
    part: 'http', figure: 'status patches/s', goal: '3 times the reference',
    met: ratio((ours, reference) => ours >= 3 * reference),
  },
  {
    part: 'http', figure: 'list to the last byte, ms', goal: 'a third of the reference',
    met: ratio((ours, reference) => ours <= reference / 3),
  },
  {
    part: 'http', figure: 'resident with its store, MiB', goal: 'under 250 MiB (10,000 Pods)',
    met: under(250),
  },
  {
    part: 'http', figure: 'server CPU an event and watcher, µs', goal: 'no more',
    met: ratio((ours, reference) => ours <= reference),
  },
  change('in process', '1,000'), change('in process', '10,000'), change('in process', '100,000'),
  change('real server', '1,000'), change('real server', '10,000'),
  {
    part: 'slices', figure: 'real server: change seen above the floor p50, 10,000 Pods, ms',
    goal: 'at most 3 ms above two writes and a watch', met: (ours) => ours <= 3,
  },
  {
    part: 'slices', figure: 'real server: change seen above the floor p99, 10,000 Pods, ms',
    goal: 'at most 15 ms above two writes and a watch', met: (ours) => ours <= 15,
  },
  {
    part: 'slices', figure: 'real server: cold start, 10,000 Pods, ms', goal: 'at most half',
    met: ratio((ours, reference) => ours <= reference / 2),
  },
  {
    part: 'slices', figure: 'rolling 500 of 10,000: slice writes',
    goal: 'no more than 250 to 280', met: under(281),
  },
  {
    part: 'slices', figure: 'rolling 500 of 10,000: lag, ms', goal: 'under 600 ms',
    met: under(600),
  },
]
