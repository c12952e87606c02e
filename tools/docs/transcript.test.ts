import { describe, expect, test } from 'vitest'
import { matches, readTranscript } from './transcript.ts'

test('commands, continuations, here documents and outputs are told apart', () => {
  const commands = readTranscript([
    'text', '```console', '$ echo a \\', '  b', 'a b', '$ cat <<EOF', 'x', 'EOF', 'x', '```',
    '```sh', '$ not read', '```', '```console background', '$ serve', 'ready', '```',
  ].join('\n'))
  expect(commands).toEqual([
    { text: 'echo a \\\n  b', expected: ['a b'], line: 3, background: false },
    { text: 'cat <<EOF\nx\nEOF', expected: ['x'], line: 6, background: false },
    { text: 'serve', expected: ['ready'], line: 15, background: true },
  ])
})

describe('matches', () => {
  const cases: [string, string[], string, boolean][] = [
    ['equal lines', ['a b'], 'a   b\n', true],
    ['another line', ['a'], 'b\n', false],
    ['a line too many', ['a'], 'a\nb\n', false],
    ['any lines', ['a', '...', 'd'], 'a\nb\nc\nd\n', true],
    ['any lines may be none', ['a', '...'], 'a\n', true],
    ['one word', ['pod/<name> created'], 'pod/web-1 created', true],
    ['one word is not two', ['<name> created'], 'a b created', false],
    ['the rest of a line', ['ready at *'], 'ready at https://x (3 ms)', true],
    ['<none> is a word', ['<none>'], '<none>', true],
    ['no output', [], '', true],
    ['special characters', ['(1/2) [x] a.b'], '(1/2) [x] a.b', true],
    ['a dot is a dot', ['a.b'], 'axb', false],
  ]
  test.each(cases)('%s', (_name, expected, output, result) => {
    expect(matches(expected, output)).toBe(result)
  })
})
