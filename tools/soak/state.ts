/** What a soak has done so far, kept between runs so that it can be broken off and taken up. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PartState {
  /** Units that are done, of `wanted`. */
  done: number
  wanted: number
  seconds: number
  began: string
  ended: string
  /** Commits at which chunks ran. */
  commits: string[]
  findings: string[]
  /** What a chunk told of itself, for the report. */
  notes: string[]
}

export type SoakState = Record<string, PartState>

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const folder = join(root, '.slicewise', 'soak')
const file = join(folder, 'state.json')

export function readState(): SoakState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SoakState
  } catch {
    return {}
  }
}

export function saveState(state: SoakState): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(state, null, 1))
}
