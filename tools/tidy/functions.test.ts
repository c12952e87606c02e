import { expect, test } from 'vitest'
import { functionRule, functionsOf } from './functions.ts'
import { readSource } from './source.ts'

const heads = (text: string): string[] => {
  const source = readSource('packages/base/a.ts', text)
  return functionsOf(source).map(({ start, end }) => {
    const body = source.text.slice(start, end + 1)
    return body.replace(/\s+/g, ' ')
  })
}

test.each([
  ['function f(a: number) { return a }', ['f(a: number) { return a }']],
  ['function f<T>(a: T): T { x }', ['f<T>(a: T): T { x }']],
  ['f(): Promise<{ a: 1 }> { x }', ['f(): Promise<{ a: 1 }> { x }']],
  ['f(): { a: string } { x }', ['f(): { a: string } { x }']],
  ['f(a): a is Foo { x }', ['f(a): a is Foo { x }']],
  ['f(): asserts a is Foo.Bar<B> | { b: 1 }[] { x }', [
    'f(): asserts a is Foo.Bar<B> | { b: 1 }[] { x }',
  ]],
  ['const f = (a: A) => { x }', ['(a: A) => { x }']],
  ['const f = (a: A): ((b: B) => void) => { x }', ['(a: A): ((b: B) => void) => { x }']],
  ['const f = async (): Promise<void> => { x }', ['async (): Promise<void> => { x }']],
  ['const f = a => { x }', ['a => { x }']],
  ['return (a) => { x }', ['(a) => { x }']],
  ['class A { #f(): void { x } get g(): A { y } }', ['#f(): void { x }', 'g(): A { y }']],
  ['if (a) { x } else if (b) { y }', []],
  ['for await (const a of b) { x }', []],
  ['while (a) { x } switch (b) { }', []],
  ['try { x } catch (e) { y }', []],
  ['const a = b ? f(c) : { d: 1 }', []],
  ['case f(x): { y }', []],
  ['type F = (a: A) => { b: 1 }', ['(a: A) => { b: 1 }']],
  ["describe('x', () => { y })", []],
  ["describe.each(['a', 'b'])('%s', (name) => { y })", []],
  ["test.each(['a', 'b'])('%s', (name) => { y })", ['(name) => { y }']],
  ["test('x', () => { y })", ['() => { y }']],
])('functions of %j', (text, expected) => {
  expect(heads(text)).toEqual(expected)
})

const lines = (count: number): string => '  x()\n'.repeat(count)

test.each([
  [`function f() {\n${lines(68)}}`, 0],
  [`function f() {\n${lines(69)}}`, 1],
  [`const f = (\n  a: A,\n): void => {\n${lines(67)}}`, 1],
  [`const f = {\n${lines(100)}}`, 0],
  [`function f() {\n  return "}\\n"\n${lines(69)}}`, 1],
])('function length %#', (text, count) => {
  expect(functionRule(readSource('packages/base/a.ts', text))).toHaveLength(count)
})
