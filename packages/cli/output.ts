/** How a command prints its result. */
export const outputForms = ['table', 'json', 'yaml'] as const
export type OutputForm = (typeof outputForms)[number]

/** Prints facts for programs, or the line for a person. */
export async function printResult(form: OutputForm, facts: object, line: string): Promise<void> {
  if (form === 'table') process.stdout.write(`${line}\n`)
  else if (form === 'json') process.stdout.write(`${JSON.stringify(facts)}\n`)
  else {
    const { stringify } = await import('yaml')
    process.stdout.write(stringify(facts, { version: '1.1', lineWidth: 0 }))
  }
}
