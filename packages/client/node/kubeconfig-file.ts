import { KubeconfigError } from './access.ts'

export type Section = Readonly<Record<string, unknown>>

/** A part of a kubeconfig, with the folder in which its relative file names are looked up. */
export interface Located {
  readonly section: Section
  readonly folder: string
}

/** Several kubeconfigs read as one: what comes first holds. */
export interface MergedConfig {
  readonly currentContext: string | undefined
  readonly contexts: readonly Located[]
  readonly clusters: readonly Located[]
  readonly users: readonly Located[]
}

export function mergedConfig(parts: readonly Located[]): MergedConfig {
  const entries = (field: string): Located[] => parts.flatMap(({ section, folder }) => {
    const list: unknown = section[field]
    const found: readonly unknown[] = Array.isArray(list) ? list : []
    return found.flatMap((one) => {
      const entry = sectionOf(one)
      return entry === undefined ? [] : [{ section: entry, folder }]
    })
  })
  const names = parts.map(({ section }) => textOf(section['current-context']))
  return {
    currentContext: names.find((name) => name !== undefined && name !== ''),
    contexts: entries('contexts'), clusters: entries('clusters'), users: entries('users'),
  }
}

/** The entry of a list by its name: what it has under the name of its kind. */
export function findEntry(
  list: readonly Located[], name: string, what: 'context' | 'cluster' | 'user',
): Located {
  const found = list.find(({ section }) => section['name'] === name)
  if (found === undefined) throw new KubeconfigError(`no ${what} named "${name}"`)
  const section = sectionOf(found.section[what])
  // A user may be nobody: `user: {}`, or nothing at all.
  if (section === undefined && (what !== 'user' || found.section[what] != null)) {
    throw new KubeconfigError(`the ${what} "${name}" says nothing`)
  }
  return { section: section ?? {}, folder: found.folder }
}

export const sectionOf = (value: unknown): Section | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value as Section : undefined

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The texts of a list; what is no text is left out. */
export const textsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => textOf(one) ?? [])
