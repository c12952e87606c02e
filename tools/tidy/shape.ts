import { basename } from 'node:path/posix'
import { type Finding, type Rule, findAll, isCode, isData, isTest } from './source.ts'

/** A file longer than this holds two things. */
export const fileLinesMax = 400
/** Two files stand side by side on one screen. */
export const columnsMax = 100

export const sizeRule: Rule = (source) => {
  if (!isCode(source.path) || isData(source.path)) return []
  const findings: Finding[] = []
  const count = source.lines.length - (source.text.endsWith('\n') ? 1 : 0)
  if (count > fileLinesMax) {
    const message = `${count} lines (at most ${fileLinesMax})`
    findings.push({ path: source.path, line: 0, message })
  }
  source.text.split('\n').forEach((text, index) => {
    if (text.length <= columnsMax || isOneLongWord(text)) return
    const message = `${text.length} columns (at most ${columnsMax})`
    findings.push({ path: source.path, line: index + 1, message })
  })
  return findings
}

/** An address or a literal that cannot be broken. */
const isOneLongWord = (text: string): boolean =>
  /\S{80,}/.test(text) && !/\S\s+\S{3,}\s+\S/.test(text)

/** A configuration file's tool asks for a default export. */
const wantsDefault = (path: string): boolean => /(^|\/)[\w.-]+\.config\.(ts|js|mjs)$/.test(path)

export const exportRule: Rule = (source) => {
  if (!isCode(source.path)) return []
  const noDefault = wantsDefault(source.path)
    ? []
    : findAll(source, /\bexport\s+default\b|\bas\s+default\b\s*[,}]/g, () => 'a default export')
  const isIndex = basename(source.path) === 'index.ts'
  const noStar = isIndex
    ? []
    : findAll(source, /\bexport\s*\*/g, () => 'export * outside of index.ts')
  return [...noDefault, ...noStar]
}

export const syntaxRule: Rule = (source) => {
  if (!isCode(source.path)) return []
  const statement = /^[ \t]*(?:(?:export|declare|const)[ \t]+)*(enum|namespace)[ \t]+\w/gm
  return findAll(source, statement, (match) => `${match[1]}: types must be erasable`)
}

const fileName = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

export const nameRule: Rule = (source) => {
  if (!isCode(source.path)) return []
  const findings: Finding[] = []
  const name = basename(source.path)
  if (!fileName.test(name)) {
    findings.push({ path: source.path, line: 0, message: 'file names are kebab-case' })
  }
  if (/(^|-)(manager|helpers?|utils?)\./.test(name) && !isTest(source.path)) {
    const message = 'a file is named after the noun that it owns'
    findings.push({ path: source.path, line: 0, message })
  }
  const declared = /\b(?:class|interface|type)\s+(\w+Manager|\w*Helpers?|\w*Utils?)\b/g
  const vague = findAll(source, declared, (match) => {
    if (/fieldManager$/i.test(match[1]!)) return undefined // the API's own noun
    return `${match[1]}: name it after what it is or does`
  })
  return [...findings, ...vague]
}
