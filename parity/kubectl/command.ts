/** What a kubectl script is: groups of commands, run in a namespace of their own on each server. */
import type { Json } from '../requests/objects.ts'

export interface Command {
  /** What is typed after `kubectl`; unique within its group. `<<ns>>` is the namespace. */
  readonly line: string
  /** Manifests for `-f -`: objects, or YAML text. */
  readonly input?: readonly Json[] | string
  /** What `kubectl edit` does to the text: a sed expression. */
  readonly edit?: string
  /** Ends the command after so long, as Ctrl-C would: for what watches. */
  readonly endMs?: number
  /** Keeps the lines that are compared, where one server rightly has more than the other. */
  readonly pick?: (line: string) => boolean
  /** Keeps what was printed as `<<name>>` for later commands. */
  readonly save?: string
  /** Run, never compared. */
  readonly silent?: true
}

export interface CommandGroup { readonly name: string; readonly commands: readonly Command[] }

export const run = (line: string, more: Omit<Command, 'line'> = {}): Command => ({ line, ...more })
export const given = (line: string, ...input: readonly Json[]): Command => ({ line, input })
/** Objects that later commands look at, made without a word. */
export const made = (...input: readonly Json[]): Command =>
  ({ line: 'create --save-config -f -', input, silent: true })
