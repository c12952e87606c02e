import { expect, test } from 'vitest'
import { type ControllerSpec } from '@slicewise/engine'
import { selectControllers } from './table.ts'

const spec = (name: string): ControllerSpec => ({ name, run: async () => {} })
const table = [spec('a-controller'), spec('b-controller'), spec('c-controller')]

const cases: [string, string[]][] = [
  ['', ['a', 'b', 'c']],
  ['*', ['a', 'b', 'c']],
  ['a', ['a']],
  ['a-controller,c', ['a', 'c']],
  ['*,-b', ['a', 'c']],
  ['-b', ['a', 'c']],
  ['-*', []],
  ['-*,b', ['b']],
]
test.each(cases)('--controllers=%s', (choice, expected) => {
  const words = choice === '' ? [] : choice.split(',')
  const names = selectControllers(words, table).map((one) => one.name)
  expect(names).toEqual(expected.map((name) => `${name}-controller`))
})

test('an unknown name is refused with the known ones', () => {
  expect(() => selectControllers(['d'], table)).toThrow(/unknown controller "d".*a-controller/)
})
