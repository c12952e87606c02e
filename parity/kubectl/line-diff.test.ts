import { expect, test } from 'vitest'
import { diffLines } from './line-diff.ts'

test.each([
  ['equal', 'a b c', 'a b c', []],
  ['one line more', 'a c', 'a b c', [{ ours: 'b' }]],
  ['one line less', 'a b c', 'a c', [{ reference: 'b' }]],
  ['changed', 'a b c', 'a x c', [{ reference: 'b', ours: 'x' }]],
  ['nothing there', '', 'a b', [{ reference: '', ours: 'a' }, { ours: 'b' }]],
  ['changed at the end', 'a b', 'a x y', [{ reference: 'b', ours: 'x' }, { ours: 'y' }]],
])('%s', (_, reference, ours, expected) => {
  expect(diffLines(reference.split(' '), ours.split(' '))).toEqual(expected)
})
