import type { Cancel } from '@slicewise/base'
import type { ResourceSpec } from '@slicewise/kube'
import type { Cached } from './cached.ts'
import { Lost, commit } from './commit.ts'
import type { Core } from './core.ts'
import { limits } from './limits.ts'

/** Removes objects of kinds that vanish some time after their last write, about once a minute. */
export function startExpiry(core: Core): { stop(): void } {
  const rows = core.rows.all.filter(row => row.ttlSeconds !== undefined && row.view === undefined)
  let cancel: Cancel = () => {}
  let stopped = false
  const later = (): void => {
    cancel = core.env.after(limits.sweepEveryMs, () => {
      Promise.all(rows.map(row => expire(core, row)))
        .catch((error: unknown) => core.env.log.warn('expired objects stay for now', { error }))
        .finally(() => stopped || later())
    })
  }
  if (rows.length > 0) later()
  return {
    stop() {
      stopped = true
      cancel()
    },
  }
}

export async function expire(core: Core, row: ResourceSpec): Promise<void> {
  const before = core.env.nowMs() - (row.ttlSeconds ?? Infinity) * 1000
  const old: Cached[] = []
  core.cache.of(row).collection.walk({ namespace: '', from: '' }, object => {
    if (object.writtenMs > 0 && object.writtenMs < before) old.push(object)
    return old.length < limits.expiredAtOnce
  })
  if (old.length === 0) return
  try {
    await commit(core, old.map(object => ({ do: 'remove', spec: row, object })))
  } catch (error) {
    // One was written again meanwhile: the next round finds the others.
    if (!(error instanceof Lost)) throw error
  }
}
