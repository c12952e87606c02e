import type { Command, Option } from 'commander'
import type { Shell } from '../shells.ts'

/** Prints a completion script for the shell: commands, flags, and the values of flags. */
export function completion(root: Command, shell: Shell): void {
  process.stdout.write(scripts[shell](root.commands.map(describeCommand)))
}

interface FlagWords {
  readonly long: string
  readonly about: string
  /** What it takes: nothing, one of these words, a file, or something that nobody can guess. */
  readonly takes: 'nothing' | 'file' | 'anything' | readonly string[]
}

interface CommandWords {
  readonly name: string
  readonly about: string
  readonly flags: readonly FlagWords[]
  /** Words that may follow the command. */
  readonly words: readonly string[]
}

function describeCommand(command: Command): CommandWords {
  return {
    name: command.name(),
    about: command.description(),
    flags: [...command.options.map(describeFlag), help],
    words: command.registeredArguments.flatMap((one) => one.argChoices ?? []),
  }
}

const help: FlagWords = { long: '--help', about: 'display help', takes: 'nothing' }

function describeFlag(option: Option): FlagWords {
  const takes = !option.required ? 'nothing'
    : option.argChoices ?? (/<(?:file|dir)>/.test(option.flags) ? 'file' : 'anything')
  return { long: option.long ?? '', about: option.description, takes }
}

const longs = (flags: readonly FlagWords[]): string => flags.map(({ long }) => long).join(' ')

/** Cases of a command and the flag before the word: what the flag takes. */
function valueCases(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ name, flags }) => flags.map(({ long, takes }) => {
    if (takes === 'nothing') return undefined
    const words = takes === 'file' ? '$(compgen -f -- "$word")'
      : takes === 'anything' ? '' : `$(compgen -W "${takes.join(' ')}" -- "$word")`
    return `    "${name} ${long}") COMPREPLY=(${words}); return ;;`
  }))
  return lines.filter((line) => line !== undefined).join('\n')
}

const scripts: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = {
  bash: (commands) => `_slicewise() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(commands)}
  esac
  [ "$COMP_CWORD" -gt 1 ] && case "\${COMP_WORDS[1]}" in
${commands.map(({ name, flags, words }) =>
    `    ${name}) words="${[...words, longs(flags)].join(' ')}" ;;`).join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${commands.map(({ name }) => name).join(' ')} --help --version"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _slicewise slicewise ./slicewise kubectl-slicewise
`,
  zsh: (commands) => `#compdef slicewise kubectl-slicewise
_slicewise() {
  local -a commands
  commands=(${commands.map(({ name, about }) => `'${name}:${zshText(about)}'`).join(' ')})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case $words[2] in
${commands.map((one) => `    ${one.name}) _arguments ${zshArguments(one)} ;;`).join('\n')}
  esac
}
compdef _slicewise slicewise kubectl-slicewise
`,
  fish: (commands) => commands.flatMap(({ name, about, flags, words }) => [
    `complete -c slicewise -f -n __fish_use_subcommand -a ${name} -d '${about}'`,
    ...words.map((word) =>
      `complete -c slicewise -f -n '__fish_seen_subcommand_from ${name}' -a ${word}`),
    ...flags.map(({ long, about: flagAbout, takes }) =>
      `complete -c slicewise -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)}` +
      `${fishTakes(takes)} -d '${flagAbout}'`),
  ]).join('\n') + '\n',
}

function fishTakes(takes: FlagWords['takes']): string {
  if (takes === 'nothing') return ''
  if (takes === 'file') return ' -r -F'
  return takes === 'anything' ? ' -x' : ` -x -a '${takes.join(' ')}'`
}

const zshText = (text: string): string => text.replace(/[:'[\]]/g, ' ')

function zshArguments({ flags, words }: CommandWords): string {
  const ofFlags = flags.map(({ long, about, takes }) => {
    const value = takes === 'nothing' ? '' : takes === 'file' ? ':file:_files'
      : takes === 'anything' ? ':value: ' : `:value:(${takes.join(' ')})`
    return `'${long}[${zshText(about)}]${value}'`
  })
  const ofWords = words.length === 0 ? [] : [`'2:word:(${words.join(' ')})'`]
  return ['1:command: ', ...ofWords].map((one) => one.startsWith("'") ? one : `'${one}'`)
    .concat(ofFlags).join(' ')
}
