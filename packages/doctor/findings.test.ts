import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differenceTable, exclusions } from '@slicewise/discovery'
import { expect, test } from 'vitest'
import { findingGroups, findingTable } from './findings.ts'
import { readScenarios } from './test-scenarios.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/findings.md'), 'utf8')

test('the manual and the table say the same', () => {
  const rows = [...manual.matchAll(/^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \|$/gm)]
    .map(([, id, severity, meaning, remedy]) => [id, { severity, meaning, remedy }])
  expect(rows).toEqual(findingGroups.flatMap(([, group]) => Object.entries(group)))
  expect(rows.map(([id]) => id).sort()).toEqual(Object.keys(findingTable).sort())
})

test('every kind of packing has its line', () => {
  for (const [id, { matters }] of Object.entries(differenceTable)) {
    expect(manual.includes(`\`${id}\``), id).toBe(true)
    expect(id in findingTable).toBe(matters)
  }
})

test('every reason of discovery for not being an endpoint can be told', () => {
  for (const why of Object.keys(exclusions)) expect(findingTable).toHaveProperty(why)
})

test('ids of scenarios are those of the table', () => {
  for (const { findings, notices = [] } of readScenarios()) {
    for (const id of [...findings, ...notices]) expect(findingTable).toHaveProperty(id)
  }
})
