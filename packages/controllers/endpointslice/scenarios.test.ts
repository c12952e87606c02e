import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { play } from './scenarios/script.ts'

const folder = new URL('./scenarios/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.txt')).sort()

/** Splits a file into its head and its scenarios; each begins with `--- <row> <title>`. */
function scenariosOf(text: string): { title: string; lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('--- ')) found.push({ title: line, lines: [] })
    else found.at(-1)?.lines.push(line)
  }
  return found
}

for (const file of files) {
  const text = readFileSync(new URL(file, folder), 'utf8')
  const scenarios = scenariosOf(text)
  for (const { title, lines } of scenarios) {
    test(`${file} ${title.slice(4)}`, () => {
      const answered = play(lines)
      if (process.env['SLICEWISE_UPDATE'] === '1') update(file, title, answered)
      else expect(answered.join('\n')).toBe(lines.join('\n'))
    })
  }
}

/** Writes the answers into the file; read the difference before it is kept. */
function update(file: string, title: string, answered: readonly string[]): void {
  const path = new URL(file, folder)
  const text = readFileSync(path, 'utf8')
  const head = text.slice(0, text.indexOf('--- '))
  const blocks = scenariosOf(text).map((one) =>
    [one.title, ...(one.title === title ? answered : one.lines)].join('\n'))
  writeFileSync(path, `${head}${blocks.join('\n')}\n`)
}
