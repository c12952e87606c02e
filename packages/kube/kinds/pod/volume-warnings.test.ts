import { expect, test } from 'vitest'
import { volumeWarnings } from './volume-warnings.ts'

const warningsOf = (paths: readonly string[]): readonly string[] => volumeWarnings(
  [{ name: 'v', configMap: { name: 'm', items: paths.map(path => ({ key: 'k', path })) } }], 'f')

const start = 'volume "v" (ConfigMap "m"): overlapping paths: '

/** Every pair, as the rule is told. */
function pairsOf(paths: readonly string[]): string[] {
  const plain = paths.map(path => path.replace(/\/+$/, ''))
  const lies = (path: string, within: string): boolean => `${path}/`.startsWith(`${within}/`)
  return plain.flatMap((path, n) => plain.slice(0, n)
    .filter(other => path !== '' && other !== '' && (lies(path, other) || lies(other, path)))
    .map(other => `${start}"${path}" with "${other}"`))
}

test('paths that lie within others are told as if every two were compared', () => {
  let seed = 7
  const below = (bound: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % bound
  }
  const names = ['a', 'b', 'ab', '', 'a.b']
  for (let round = 0; round < 300; round++) {
    const paths = Array.from({ length: below(9) }, () =>
      Array.from({ length: below(4) }, () => names[below(names.length)]).join('/'))
    expect(warningsOf(paths), JSON.stringify(paths)).toEqual(pairsOf(paths))
  }
})

test('a hundred thousand paths cost no more than reading them', () => {
  const started = performance.now()
  warningsOf(Array.from({ length: 100_000 }, (_none, n) => `p${n}`))
  warningsOf(Array.from({ length: 100_000 }, () => 'p'))
  warningsOf(['/'.repeat(1_000_000), `${'a/'.repeat(500_000)}${'/'.repeat(500_000)}b`])
  expect(performance.now() - started).toBeLessThan(5_000)
})
