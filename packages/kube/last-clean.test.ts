import { expect, test } from 'vitest'
import { LastClean } from './last-clean.ts'

interface Spec { readonly names: string[]; readonly more?: object | undefined }

test('rules run again for every value but one that equals the last without findings', () => {
  const last = new LastClean<Spec>()
  let runs = 0
  const rules = ({ names }: Spec): string[] => {
    runs++
    return names.filter(name => name === 'bad')
  }
  const check = (value: Spec): readonly [readonly string[], number] => {
    runs = 0
    return [last.findings(value, rules), runs]
  }
  const kept = { names: ['a'], more: undefined }
  expect(check(kept)).toEqual([[], 1])
  expect(check({ names: ['a'], more: undefined })).toEqual([[], 0])
  expect(check({ names: ['bad'] })).toEqual([['bad'], 1])
  expect(check({ names: ['bad'] }), 'findings are never remembered').toEqual([['bad'], 1])
  kept.names[0] = 'bad'
  expect(check(kept), 'what was changed since').toEqual([['bad'], 1])
  expect(check({ names: ['a'], more: {} })).toEqual([[], 1])
  const hidden = JSON.parse('{"names":["a"],"__proto__":{"a":1}}') as Spec
  expect(check(hidden)).toEqual([[], 1])
  expect(check(JSON.parse('{"names":["a"],"__proto__":{"a":1}}') as Spec)).toEqual([[], 0])
  expect(check({ names: ['a'] })).toEqual([[], 1])
})
