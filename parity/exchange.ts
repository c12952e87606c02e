import type { Step } from './script.ts'

export interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** Parsed JSON or YAML, else the text; for a watch the list of its events. */
  readonly body: unknown
}

export interface Exchange { readonly step: Step; readonly answer: Answer }
