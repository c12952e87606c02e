import type { Source } from './source.ts'

export interface Import {
  readonly specifier: string
  /** Offset of the specifier's opening quote. */
  readonly at: number
}

const before = /(\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*$/

/** Static, dynamic and type imports, re-exports and `require`, by what stands before the string. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  for (const [at, specifier] of source.strings) {
    const lead = source.code.slice(Math.max(0, at - 40), at)
    const match = before.exec(lead)
    if (match === null || lead[match.index - 1] === '.') continue
    if (match[1] === 'from' && !closesImport(source.code, at)) continue
    found.push({ specifier, at })
  }
  return found
}

/** Tells `import … from 'x'` from a property or a variable of the name `from`. */
function closesImport(code: string, at: number): boolean {
  const clause = code.slice(Math.max(0, at - 4000), at)
  return /\b(import|export)\b[^;'"=()]*\bfrom\s*$/.test(clause)
}
