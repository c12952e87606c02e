import { expect, test } from 'vitest'
import { scan } from './scan.ts'

/** The code that remains, blanks squeezed. */
const code = (text: string): string => scan(text).code.replace(/\s+/g, ' ').trim()

test.each([
  ['a // b\nc', 'a c'],
  ['a /* b\n c */ d', 'a d'],
  [`f('it\\'s // x') // y`, `f(' ')`],
  ['f("/* no */") + 1', 'f(" ") + 1'],
  ['`a ${b + `c ${d} e`} f` + g', '` ${b + ` ${d} `} ` + g'],
  ['`${ {a: 1}.a }` + x', '`${ {a: 1}.a }` + x'],
  ['const r = /[/"\'`]\\/x/gi + y', 'const r = / / + y'],
  ['if (a) /setTimeout/.test(b)', 'if (a) / /.test(b)'],
  ['return /x/', 'return / /'],
  ['a / b / c', 'a / b / c'],
  ['f(a) / 2 + "x/y"', 'f(a) / 2 + " "'],
  ['i++ / 2 // z', 'i++ / 2'],
  ['a[0]! / b / 2', 'a[0]! / b / 2'],
  ['x.return / 2 / y', 'x.return / 2 / y'],
  ['} /x"y/.exec(s)', '} / /.exec(s)'],
  ['#!/usr/bin/env node\nx', 'x'],
  ["'open\nnext", "' next"],
])('code of %j', (text, expected) => {
  expect(code(text)).toBe(expected)
  expect(scan(text).code).toHaveLength(text.length)
})

test('newlines stay where they were, also after characters of two units', () => {
  const text = "/* 😀\n*/ a\n`\n`\n'😀' b"
  const breaks = (of: string): number[] => [...of.matchAll(/\n/g)].map((match) => match.index)
  expect(breaks(scan(text).code)).toEqual(breaks(text))
  expect(scan(text).strings.get(text.indexOf("'"))).toBe('😀')
})
