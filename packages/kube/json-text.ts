/**
 * Looks at JSON text beside its parsed value: `JSON.parse` keeps the last of two members of one
 * name and says nothing. The text has been parsed already, so it is known to be well-formed.
 */

/** Upper bound of the members in a JSON text; exact unless a string value begins with `:`. */
export function countNames(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1
    while (isBlank(text.charCodeAt(before))) before--
    if (text.charCodeAt(before) === 34) count++
  }
  return count
}

const isBlank = (char: number): boolean =>
  char === 32 || char === 10 || char === 13 || char === 9

type Frame =
  | { readonly at: 'object'; readonly names: Set<string>; name: string }
  | { readonly at: 'list'; index: number }

/**
 * Paths of members whose name stands more than once in one object, in order, each once, at most
 * `max`. Nothing recurses, so nesting costs memory, not stack.
 */
export function duplicateNames(text: string, max: number): string[] {
  const found = new Set<string>()
  const stack: Frame[] = []
  let expectName = false
  for (let at = 0; at < text.length && found.size < max; at++) {
    const top = stack[stack.length - 1]
    switch (text.charAt(at)) {
      case '{':
        stack.push({ at: 'object', names: new Set(), name: '' })
        expectName = true
        break
      case '[':
        stack.push({ at: 'list', index: 0 })
        expectName = false
        break
      case '}':
      case ']':
        stack.pop()
        expectName = false
        break
      case ',':
        if (top?.at === 'list') top.index++
        expectName = top?.at === 'object'
        break
      case '"': {
        const end = endOfString(text, at)
        if (expectName && top?.at === 'object') {
          top.name = JSON.parse(text.slice(at, end + 1)) as string
          if (top.names.has(top.name)) found.add(pathOf(stack))
          top.names.add(top.name)
        }
        expectName = false
        at = end
      }
    }
  }
  return [...found]
}

/** Index of the quotation mark that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

function pathOf(stack: readonly Frame[]): string {
  let path = ''
  for (const frame of stack) {
    if (frame.at === 'list') path += `[${frame.index}]`
    else path += path === '' ? frame.name : `.${frame.name}`
  }
  return path
}

/** Members of all objects in a value, and how deep it nests; stops counting below `depthMax`. */
export function measure(value: unknown, depthMax: number): { names: number; depth: number } {
  let names = 0
  let depth = 0
  let level: unknown[] = [value]
  while (level.length > 0 && depth <= depthMax) {
    const next: unknown[] = []
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue
      const members = Object.values(one)
      if (!Array.isArray(one)) names += members.length
      for (const member of members) if (typeof member === 'object') next.push(member)
    }
    if (next.length > 0) depth++
    level = next
  }
  return { names, depth }
}
