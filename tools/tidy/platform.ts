import { importsOf } from './imports.ts'
import {
  type Finding,
  type Rule,
  findAll,
  isCode,
  isTest,
  lineAt,
  packageOf,
} from './source.ts'

/** Where sockets, files and Node.js itself may appear; everything else runs in a browser too. */
const nodePlaces: readonly RegExp[] = [
  /^packages\/base\/node(-[\w-]+)?(\.ts|\/)/,
  /^packages\/store\/(lmdb|etcd)(-[\w-]+)?(\.ts|\/)/,
  /^packages\/server\/http(-[\w-]+)?(\.ts|\/)/,
  /^packages\/client\/node(-[\w-]+)?(\.ts|\/)/,
  /^packages\/proxy\/(dataplanes|transports|netlink)(\.ts|\/)/,
  /^packages\/dns\/(server|forward)(\.ts|\/)/,
  /^packages\/nodes\/netns(\.ts|\/)/,
  /^packages\/system\/(env-node|node|start)(-[\w-]+)?(\.ts|\/)/,
  /^packages\/testing\//,
  /^packages\/cli\//,
]

/** The only shipped files that touch global time, timers, randomness and ids. */
const envPlaces = /\/env-(node|browser)\.ts$/

const isShipped = (path: string): boolean =>
  isCode(path) && packageOf(path) !== undefined && !isTest(path)

/** `node:` modules and Node's globals stay behind the named entries. */
export const nodeRule: Rule = (source) => {
  const free = !isShipped(source.path) || nodePlaces.some((place) => place.test(source.path))
  if (free) return []
  const findings: Finding[] = []
  for (const { specifier, at } of importsOf(source)) {
    if (!specifier.startsWith('node:')) continue
    const message = `'${specifier}' here: this file has to run in a browser too`
    findings.push({ path: source.path, line: lineAt(source, at), message })
  }
  const globals = /(?<![\w$.#'-])(Buffer|process|__dirname|__filename)(?![\w$'?-])/g
  const uses = findAll(source, globals, (match) => {
    if (isName(source.code, match)) return undefined
    return `${match[1]} here: this file has to run in a browser too`
  })
  return [...findings, ...uses]
}

const clock = new RegExp(
  '(?<![\\w$.#])(?:(?:globalThis|window|self)\\s*\\.\\s*)?(?:' +
    [
      'Date\\s*\\.\\s*now',
      'new\\s+Date\\s*(?=\\(\\s*\\)|[;,)\\]\\n]|$)',
      'Date\\s*(?=\\(\\s*\\))',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'Math\\s*\\.\\s*random',
      'crypto\\s*\\.\\s*randomUUID',
      'randomUUID',
      'performance\\s*\\.\\s*now',
      'AbortSignal\\s*\\.\\s*timeout',
    ].join('|') +
    ')(?![\\w$])',
  'g',
)

/** Time, timers, randomness and ids come in through `Env`, so that a run can be replayed. */
export const envRule: Rule = (source) => {
  if (!isShipped(source.path) || envPlaces.test(source.path)) return []
  return findAll(source, clock, (match) => {
    if (isName(source.code, match)) return undefined
    return `${match[0].replace(/\s+/g, ' ')} here: it comes in through Env`
  })
}

/** `process: x`, `process?: T`, a parameter, a method or a variable of our own with that name. */
function isName(code: string, match: RegExpMatchArray): boolean {
  const after = code.slice(match.index! + match[0].length)
  const before = code.slice(Math.max(0, match.index! - 40), match.index)
  if (/^\s*\??:/.test(after) && !/\?[^:]*$/.test(before)) return true
  return /\b(const|let|function|get|set|async)\s+$/.test(before)
}
