import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLines } from './transport.ts'

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = []
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  for await (const line of splitLines(source())) lines.push(line)
  return lines
}

/** Cuts bytes at any place, also inside of a character. */
function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [...new Set(at.map((one) => one % (bytes.length + 1)))].sort((x, y) => x - y)
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
}

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\n\nb\n', ['a', '', 'b']],
  ['ü€😀\nb', ['ü€😀', 'b']],
  ['a\r\nb', ['a\r', 'b']],
])('lines of %j', async (text, expected) => {
  expect(await linesOf([new TextEncoder().encode(text)])).toEqual(expected)
})

test('chunks may end anywhere', async () => {
  const text = fc.array(fc.constantFrom('a', 'ü', '€', '😀', '\n', '{"x":1}'), { maxLength: 40 })
  await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(200)), async (parts, places) => {
    const bytes = new TextEncoder().encode(parts.join(''))
    expect(await linesOf(cut(bytes, places))).toEqual(await linesOf([bytes]))
  }))
})

test('leaving early ends the source', async () => {
  let ended = false
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode('a\nb\n')
    } finally {
      ended = true
    }
  }
  for await (const line of splitLines(source())) {
    if (line === 'b') break
  }
  expect(ended).toBe(true)
})
