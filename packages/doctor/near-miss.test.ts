import { expect, test } from 'vitest'
import { missText, nearMiss } from './near-miss.ts'

type Labels = Record<string, string>

const cases: [what: string, selector: Labels, labels: Labels | undefined, how: string[]][] = [
  ['met', { app: 'web' }, { app: 'web', tier: 'x' }, []],
  ['another program', { app: 'web' }, { app: 'db' }, []],
  ['no labels', { app: 'web' }, undefined, []],
  ['a short value is no slip', { app: 'web' }, { app: 'wev' }, []],
  ['a slip', { app: 'storefront' }, { app: 'storefrnt' }, ['ValueDiffers']],
  ['three letters are no slip', { app: 'storefront' }, { app: 'storefr' }, []],
  ['case of the value', { app: 'web' }, { app: 'WEB' }, ['ValueCase']],
  ['case of the key', { app: 'web' }, { App: 'web' }, ['KeyCase']],
  ['another key', { app: 'web' }, { 'k8s-app': 'web' }, ['OtherKey']],
  ['one of two is met', { app: 'web', tier: 'front' }, { app: 'web' }, ['KeyMissing']],
  ['one of two differs', { app: 'web', tier: 'front' }, { app: 'web', tier: 'back' },
    ['ValueDiffers']],
  ['the empty selector is met', {}, {}, []],
  ['a huge value costs nothing', { app: 'a'.repeat(10_000) }, { app: 'b'.repeat(10_000) }, []],
]

test.each(cases)('%s', (_what, selector, labels, how) => {
  expect(nearMiss(selector, labels)?.misses.map((one) => one.how) ?? []).toEqual(how)
})

test('the nearer the more pairs are met, and the smaller the slip', () => {
  const selector = { app: 'storefront', tier: 'front', zone: 'a' }
  const near = [
    { app: 'storefront', tier: 'front' },
    { app: 'Storefront', tier: 'front' },
    { app: 'storefrnt', tier: 'front' },
    { app: 'storefront' },
  ].map((labels) => nearMiss(selector, labels)?.nearness ?? 0)
  expect([...near].sort((a, b) => b - a)).toEqual(near)
  expect(new Set(near).size).toBe(near.length)
})

test('every miss is told with the key and the value', () => {
  const miss = nearMiss({ app: 'web', tier: 'front', zone: 'a' }, { app: 'web', tier: 'Front' })
  expect(miss && missText(miss)).toBe(
    'its label is tier=Front, the selector asks for tier=front (upper and lower case differ); ' +
    'it has no label zone, the selector asks for zone=a')
})
