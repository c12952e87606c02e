/**
 * TypeScript text split into code and the rest. Lexical on purpose: TypeScript 7 exports no stable
 * parser, and what tidy asks does not need one. JSX is not understood.
 */
export interface Scan {
  /** As long as the text, newlines kept; inside comments, strings, templates and regexes blank. */
  readonly code: string
  /** String literals in order, by the offset of their opening quote. */
  readonly strings: ReadonlyMap<number, string>
}

/** Words after which a slash starts a regular expression. */
const operatorWords = new Set(
  ('return typeof case do else in of instanceof new delete void throw yield await default ' +
    'extends').split(' '),
)
const statementHeads = new Set(['if', 'while', 'for', 'with'])

export function scan(text: string): Scan {
  return new Scanner(text).run()
}

class Scanner {
  readonly #text: string
  readonly #out: string[]
  readonly #strings = new Map<number, string>()
  #at = 0
  /** Open brackets: what closes them, and for `(` whether a statement head stands before it. */
  readonly #open: { close: '}' | ')' | '`'; head: boolean }[] = []
  /** Whether a slash here would divide. */
  #afterOperand = false
  #lastWord = ''

  constructor(text: string) {
    this.#text = text
    this.#out = [...text].length === text.length ? [...text] : text.split('')
  }

  run(): Scan {
    if (this.#text.startsWith('#!')) this.#blankTo(this.#lineEnd(0))
    while (this.#at < this.#text.length) this.#step()
    return { code: this.#out.join(''), strings: this.#strings }
  }

  #step(): void {
    const char = this.#text[this.#at]!
    const next = this.#text[this.#at + 1]
    if (char === '/' && next === '/') return this.#blankTo(this.#lineEnd(this.#at))
    if (char === '/' && next === '*') return this.#blankTo(this.#find('*/', this.#at + 2) + 2)
    if (char === '/' && !this.#afterOperand) return this.#regex()
    if (char === '"' || char === "'") return this.#string(char)
    if (char === '`') return this.#template()
    if (/[\w$]/.test(char)) return this.#word()
    this.#punctuation(char, next)
  }

  #punctuation(char: string, next: string | undefined): void {
    if (char === '(' || char === '{') {
      const head = char === '(' && statementHeads.has(this.#lastWord)
      this.#open.push({ close: char === '(' ? ')' : '}', head })
    }
    let operand = char === ')' || char === ']'
    if (char === ')' || char === '}') {
      const opened = this.#open.pop()
      if (opened?.close === '`') return this.#templateText(this.#at + 1)
      if (opened?.head === true) operand = false
    }
    const before = this.#text[this.#at - 1] ?? ''
    if ((char === '+' || char === '-') && next === char) {
      this.#at += 2 // `i++ / 2` divides; `++/x/` is no expression
      return
    }
    if (char === '!' && /[\w$)\]]/.test(before)) operand = true
    this.#at++
    if (/\s/.test(char)) return
    this.#afterOperand = operand
    this.#lastWord = ''
  }

  #word(): void {
    const match = /[\w$]+/y
    match.lastIndex = this.#at
    const word = match.exec(this.#text)![0]
    const property = this.#text[this.#at - 1] === '.'
    this.#at += word.length
    this.#lastWord = property ? '' : word
    this.#afterOperand = property || !operatorWords.has(word)
  }

  #string(quote: string): void {
    const start = this.#at
    let end = start + 1
    while (end < this.#text.length && this.#text[end] !== quote && this.#text[end] !== '\n') {
      end += this.#text[end] === '\\' ? 2 : 1
    }
    this.#strings.set(start, this.#text.slice(start + 1, end))
    this.#at = start + 1
    this.#blankTo(end)
    this.#at = end + 1
    this.#operandEnds()
  }

  #regex(): void {
    let end = this.#at + 1
    let inClass = false
    for (; end < this.#text.length; end++) {
      const char = this.#text[end]
      if (char === '\n' || (char === '/' && !inClass)) break
      if (char === '\\') end++
      else if (char === '[') inClass = true
      else if (char === ']') inClass = false
    }
    this.#at++
    this.#blankTo(end)
    this.#at = end + 1
    while (/[a-z]/.test(this.#text[this.#at] ?? '')) this.#out[this.#at++] = ' '
    this.#operandEnds()
  }

  #template(): void {
    this.#templateText(this.#at + 1)
  }

  /** From inside a template's text to its end, or to the code of the next `${`. */
  #templateText(from: number): void {
    let end = from
    for (; end < this.#text.length && this.#text[end] !== '`'; end++) {
      if (this.#text[end] === '\\') end++
      else if (this.#text[end] === '$' && this.#text[end + 1] === '{') {
        this.#at = from
        this.#blankTo(end)
        this.#open.push({ close: '`', head: false })
        this.#at = end + 2
        this.#afterOperand = false
        this.#lastWord = ''
        return
      }
    }
    this.#at = from
    this.#blankTo(end)
    this.#at = end + 1
    this.#operandEnds()
  }

  #operandEnds(): void {
    this.#afterOperand = true
    this.#lastWord = ''
  }

  #lineEnd(from: number): number {
    return this.#find('\n', from)
  }

  #find(what: string, from: number): number {
    const found = this.#text.indexOf(what, from)
    return found < 0 ? this.#text.length : found
  }

  #blankTo(end: number): void {
    const stop = Math.min(end, this.#text.length)
    for (; this.#at < stop; this.#at++) {
      if (this.#text[this.#at] !== '\n') this.#out[this.#at] = ' '
    }
  }
}
