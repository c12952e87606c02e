import { expect, test } from 'vitest'
import { seededRandom } from '@slicewise/base'
import { selects } from './membership.ts'
import { SelectorIndex } from './selector-index.ts'

test('finds what asking every Service finds', () => {
  const random = seededRandom(11)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const labels = () => Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, () =>
      [pick(['app', 'tier', 'zone']), pick(['a', 'b', 'c'])]),
  )
  const index = new SelectorIndex()
  const model = new Map<string, Record<string, string>>()
  for (let step = 0; step < 4_000; step++) {
    const name = `s${Math.floor(random() * 40)}`
    const selector = random() < 0.2 ? undefined : labels()
    index.set('shop', name, selector)
    if (selector === undefined) model.delete(name)
    else model.set(name, selector)
    const asked = labels()
    const expected = [...model].filter(([, one]) => selects(one, asked)).map(([key]) => key)
    expect(index.matches('shop', asked).sort()).toEqual(expected.sort())
    expect(index.matches('other', asked)).toEqual([])
  }
})

test('a label that all Services share does not make all of them candidates', () => {
  const index = new SelectorIndex()
  for (let i = 0; i < 1_000; i++) index.set('shop', `s${i}`, { tier: 'backend', app: `a${i}` })
  expect(index.matches('shop', { tier: 'backend', app: 'a500' })).toEqual(['s500'])
  expect(index.compared).toBeLessThan(5)
})
