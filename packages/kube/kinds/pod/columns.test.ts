import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Stored } from '../../object.ts'
import { podColumns, podRowConditions } from './columns.ts'
import type { Pod } from './pod.ts'

/** Rows that kube-apiserver 1.36.3 printed for these Pods; ages are masked. */
interface Case {
  name: string
  pod: Stored<Pod>
  cells: unknown[]
  conditions?: unknown[]
}

const cases = JSON.parse(
  readFileSync(new URL('./column-cases.json', import.meta.url), 'utf8')) as Case[]

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const { pod, cells, conditions } = one
  const own = podColumns.map((column) => column.cell(pod, Date.parse('2026-11-21T00:00:00Z')))
  own[3] = String(own[3]).replace(/\(.* ago\)/, '(AGO ago)')
  own[4] = 'AGE'
  expect(own).toEqual(cells)
  expect(podRowConditions(pod)).toEqual(conditions ?? [])
})

test('the time since the last restart is that of the latest end', () => {
  const ended = (finishedAt: string): object => ({ terminated: { exitCode: 1, finishedAt } })
  const pod = {
    metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }, { name: 'b' }] },
    status: { phase: 'Running', containerStatuses: [
      { name: 'a', restartCount: 1, lastState: ended('2026-01-01T00:00:00Z') },
      { name: 'b', restartCount: 2, lastState: ended('2026-01-01T00:01:00Z') },
    ] },
  } as unknown as Stored<Pod>
  const restarts = podColumns.find((column) => column.name === 'Restarts')
  expect(restarts?.cell(pod, Date.parse('2026-01-01T00:03:30Z'))).toBe('3 (2m30s ago)')
})
