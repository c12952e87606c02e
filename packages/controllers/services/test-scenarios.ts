import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Splits a file into its head and its scenarios; each begins with `--- <row> <title>`. */
function scenariosOf(text: string): { title: string; lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('--- ')) found.push({ title: line, lines: [] })
    else found.at(-1)?.lines.push(line)
  }
  return found
}

/**
 * Makes a test of each scenario in the `.txt` files of a folder. `play` returns the lines with the
 * answers filled in; what it is given are the lines without answers, which begin with `  | `.
 * SLICEWISE_UPDATE=1 writes the answers into the files; read the difference before it is kept.
 */
export function testScenarios(folder: URL, play: (lines: readonly string[]) => string[]): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt')).sort()) {
    const path = new URL(file, folder)
    const text = readFileSync(path, 'utf8')
    for (const { title, lines } of scenariosOf(text)) {
      test(`${file} ${title.slice(4)}`, () => {
        const answered = play(lines.filter((line) => !line.startsWith('  | ')))
        if (process.env['SLICEWISE_UPDATE'] === '1') update(path, title, answered)
        else expect(answered.join('\n')).toBe(lines.join('\n'))
      })
    }
  }
}

function update(path: URL, title: string, answered: readonly string[]): void {
  const text = readFileSync(path, 'utf8')
  const head = text.slice(0, text.indexOf('--- '))
  const blocks = scenariosOf(text).map((one) =>
    [one.title, ...(one.title === title ? answered : one.lines)].join('\n'))
  writeFileSync(path, `${head}${blocks.join('\n')}\n`)
}

/** The words of a command: `key=value` options, and names. */
export function wordsOf(words: readonly string[]): {
  options: Readonly<Record<string, string>>; names: readonly string[]
} {
  const options: Record<string, string> = {}
  const names: string[] = []
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) options[word.slice(0, at)] = word.slice(at + 1)
    else names.push(word)
  }
  return { options, names }
}

/** `1 create 2 deletes`, or `nothing`. */
export function countsText(steps: readonly { readonly verb: string }[]): string {
  const counts = ['create', 'update', 'delete'].flatMap((verb) => {
    const count = steps.filter((step) => step.verb === verb).length
    return count === 0 ? [] : [`${count} ${verb}${count === 1 ? '' : 's'}`]
  })
  return counts.join(' ') || 'nothing'
}
