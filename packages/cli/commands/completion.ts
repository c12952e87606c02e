import type { Command } from 'commander'

/** Prints a completion script for the shell. Throws on a shell it does not know. */
export function completion(root: Command, shell: string): void {
  const make = shells[shell]
  if (make === undefined) {
    throw new Error(`no completion for "${shell}": use ${Object.keys(shells).join(', ')}`)
  }
  process.stdout.write(make(root.commands.map(describeCommand)))
}

interface CommandWords {
  readonly name: string
  readonly flags: readonly string[]
}

function describeCommand(command: Command): CommandWords {
  const flags = command.options.map((option) => option.long ?? '').filter((long) => long !== '')
  return { name: command.name(), flags }
}

const shells: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: (commands) => `_slicewise() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, flags }) => `    ${name}) words="${flags.join(' ')}" ;;`).join('\n')}
    *) words="${commands.map(({ name }) => name).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _slicewise slicewise kubectl-slicewise
`,
  zsh: (commands) => `#compdef slicewise kubectl-slicewise
local -a commands
if (( CURRENT == 2 )); then
  commands=(${commands.map(({ name }) => name).join(' ')})
else
  case $words[2] in
${commands.map(({ name, flags }) => `    ${name}) commands=(${flags.join(' ')}) ;;`).join('\n')}
  esac
fi
compadd -a commands
`,
  fish: (commands) => commands.flatMap(({ name, flags }) => [
    `complete -c slicewise -n __fish_use_subcommand -a ${name}`,
    ...flags.map((flag) =>
      `complete -c slicewise -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ]).join('\n') + '\n',
}
