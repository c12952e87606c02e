/** Reads the console blocks of a Markdown document and compares what commands print with them. */

export interface Command {
  /** The whole command, continuation lines included. */
  readonly text: string
  /** Lines the document says it prints; see `matches`. */
  readonly expected: readonly string[]
  /** Line of the document, counted from 1. */
  readonly line: number
  /** Started and left running: the next command comes when what is expected was printed. */
  readonly background: boolean
}

/**
 * Commands of all blocks that begin with ```console, in order. A command line begins with `$ `,
 * lines after it up to the next command are its output. ```console background starts a lasting one.
 */
export function readTranscript(markdown: string): Command[] {
  const commands: { text: string; expected: string[]; line: number; background: boolean }[] = []
  let block: { background: boolean } | undefined
  let heredoc: string | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const last = commands.at(-1)
    if (block === undefined) {
      const opening = /^```console(?: (\w+))?$/.exec(line)
      if (opening !== null) block = { background: opening[1] === 'background' }
    } else if (line === '```' && heredoc === undefined) {
      block = undefined
    } else if (heredoc !== undefined || last?.text.endsWith('\\')) {
      if (last !== undefined) last.text += `\n${line}`
      if (line === heredoc) heredoc = undefined
    } else if (line.startsWith('$ ')) {
      const text = line.slice(2)
      commands.push({ text, expected: [], line: index + 1, background: block.background })
      heredoc = /<<-?\s*'?(\w+)'?/.exec(text)?.[1]
    } else {
      last?.expected.push(line)
    }
  }
  return commands
}

/**
 * Whether the output is what the document shows: line by line, runs of blanks alike, `...` on a
 * line of its own for any lines, `<name>` for one word and `*` for the rest of a line.
 */
export function matches(expected: readonly string[], output: string): boolean {
  const lines = output.replace(/\n+$/, '').split('\n')
  return matchFrom(trimmed(expected), 0, output.trim() === '' ? [] : lines, 0)
}

function trimmed(expected: readonly string[]): readonly string[] {
  const end = expected.findLastIndex((line) => line.trim() !== '')
  return expected.slice(0, end + 1)
}

function matchFrom(
  expected: readonly string[], at: number, lines: readonly string[], line: number,
): boolean {
  if (at === expected.length) return line === lines.length
  const wanted = expected[at] ?? ''
  if (wanted.trim() === '...') {
    for (let skip = line; skip <= lines.length; skip++) {
      if (matchFrom(expected, at + 1, lines, skip)) return true
    }
    return false
  }
  const found = lines[line]
  return found !== undefined && patternOf(wanted).test(found.trim()) &&
    matchFrom(expected, at + 1, lines, line + 1)
}

function patternOf(wanted: string): RegExp {
  const source = wanted.trim()
    .replace(/[.+^${}()|[\]\\?]/g, String.raw`\$&`)
    .replace(/<[a-z][a-z0-9-]*>/g, String.raw`\S+`)
    .replace(/\*/g, '.*')
    .replace(/\s+/g, String.raw`\s+`)
  return new RegExp(`^${source}$`)
}
