import { hostname } from 'node:os'
import type { Env, Metrics } from '@slicewise/base'
import { Election, termsFault } from '@slicewise/engine'
import type { Api } from '@slicewise/kube'
import { UsageError } from './fault.ts'

/** Flags of leader election as commander hands them over; durations in milliseconds. */
export interface LeaderFlags {
  readonly leaderElect?: boolean
  readonly leaderElectLeaseDuration?: number
  readonly leaderElectRenewDeadline?: number
  readonly leaderElectRetryPeriod?: number
  readonly leaderElectResourceName?: string
  readonly leaderElectResourceNamespace?: string
}

const termsOf = (flags: LeaderFlags) => ({
  durationMs: flags.leaderElectLeaseDuration ?? 15_000,
  renewMs: flags.leaderElectRenewDeadline ?? 10_000,
  retryMs: flags.leaderElectRetryPeriod ?? 2_000,
})

/** Throws the `UsageError` of terms that could not work. */
export function refuseBadTerms(flags: LeaderFlags): void {
  const fault = flags.leaderElect === true ? termsFault(termsOf(flags)) : undefined
  if (fault !== undefined) throw new UsageError(`options '--leader-elect-…': ${fault}`)
}

/** Stands for election; the caller waits for it to lead. */
export function candidate(
  flags: LeaderFlags, { api, env, metrics }: { api: Api; env: Env; metrics: Metrics },
): Election {
  const name = flags.leaderElectResourceName ?? 'slicewise-controllers'
  const election = new Election({
    env, api, name, namespace: flags.leaderElectResourceNamespace ?? 'kube-system',
    identity: `${hostname()}_${env.uid()}`, terms: termsOf(flags),
  })
  const labels = { name }
  metrics.add(() => [
    {
      name: 'leader_election_master_status', type: 'gauge',
      help: 'Gauge of if the reporting system is master of the relevant lease, 0 indicates ' +
        'backup, 1 indicates master.',
      samples: [{ labels, value: election.state.at === 'leading' ? 1 : 0 }],
    },
    {
      name: 'leader_election_slowpath_total', type: 'counter',
      help: 'Total number of slow path exercised in renewing leader leases.',
      samples: [{ labels, value: election.slowPaths }],
    },
  ])
  election.start()
  return election
}
