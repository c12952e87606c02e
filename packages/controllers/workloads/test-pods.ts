import type { Pod, Stored } from '@slicewise/kube'

/** When everything of these tests was made. */
export const madeMs = Date.UTC(2026, 0, 1)
const made = '2026-01-01T00:00:00Z'

/** What one letter of a Pod's text says: `+` ready, `-` running but not ready, `.` pending … */
const statuses: Readonly<Record<string, object>> = {
  '+': {
    phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: made }],
  },
  '-': { phase: 'Running' },
  '.': { phase: 'Pending' },
  'f': { phase: 'Failed' },
  's': { phase: 'Succeeded' },
}

/** A Pod that somebody controls; `state` is a letter of the table, with `x` when it is ending. */
export function testPod(
  name: string, state: string, more: { metadata?: object; spec?: object } = {},
): Stored<Pod> {
  return {
    metadata: {
      name, namespace: 'default', uid: name, resourceVersion: '1', creationTimestamp: made,
      ...(state.includes('x') ? { deletionTimestamp: made } : {}),
      ...more.metadata,
    },
    spec: { containers: [], ...more.spec },
    status: statuses[state[0] ?? ''] ?? {},
  } as unknown as Stored<Pod>
}

/** The owner reference of a controller. */
export const ownedBy = (kind: string, name: string): object => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }],
})
