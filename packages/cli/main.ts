#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import {
  between, count, duration, factor, hostPort, oneRangePerFamily, ranges, words,
} from './flags.ts'
import { version } from './version.ts'

/** Exit codes: 0 done, 1 a fault, 2 a bad flag, 3 `why` found missing endpoints. */
const exitFault = 1
const exitUsage = 2

const listen = (fallback: string): Option =>
  new Option('--listen <host:port>', 'where to listen; port 0 takes a free one')
    .default(hostPort(fallback), fallback).argParser(hostPort)

function rangesFlag(
  flags: string, about: string, fallback: string, parse: (text: string) => string[],
): Option {
  return new Option(flags, about).default(words(fallback), fallback).argParser(parse)
}

function addServerFlags(command: Command): Command {
  return command
    .addOption(listen('127.0.0.1:7443'))
    .option('--data <dir>', 'folder of the embedded store; "memory" keeps nothing',
      '.slicewise/data')
    .option('--kubeconfig <file>', 'gets the CA and an admin credential', '.slicewise/kubeconfig')
    .addOption(rangesFlag('--service-cidr <ranges>', 'Service ranges, one or two families',
      '10.96.0.0/16,fd00:10:96::/112', oneRangePerFamily))
    .addOption(rangesFlag('--lb-cidr <ranges>', 'LoadBalancer addresses', '192.0.2.0/24', ranges))
    .addOption(new Option('--output <form>', 'how it says that it is ready')
      .choices(['text', 'json']).default('text'))
    .addOption(verbosity())
}

function verbosity(): Option {
  return new Option('-v, --verbosity <n>', '0 warnings, 1 what happens, 2 everything')
    .argParser(count(10)).default(0)
}

const kubeconfigFlag = ['--kubeconfig <file>',
  'API server and credential; default as kubectl finds them'] as const

function addControllerFlags(command: Command): Command {
  return command
    .option('--controllers <names>', 'names as kube-controller-manager takes them; "*" is all',
      words, ['*'])
    .option('--max-endpoints-per-slice <n>', 'endpoints in one EndpointSlice, 1 to 1000',
      between(1, 1_000), 100)
    .option('--endpointslice-updates-batch-period <duration>',
      'fixed gathering window; 0 adapts to the churn', duration, 0)
}

function addNodeFlags(command: Command): Command {
  return command
    .option('--nodes <n>', 'simulated Nodes over zone-a, zone-b and zone-c', count(5_000), 3)
    .option('--speed <factor>', 'divides the times of the simulation', factor, 1)
    .addOption(rangesFlag('--pod-cidr <ranges>', 'Pod ranges, cut into one range per Node',
      '10.128.0.0/9,fd00:10:128::/48', oneRangePerFamily))
}

function program(): Command {
  const root = new Command('slicewise')
    .description('Kubernetes service discovery: API server, controllers, simulated Nodes')
    .version(version, '--version')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'slicewise: ')),
    })
  addNodeFlags(addControllerFlags(addServerFlags(
    root.command('up').description('the whole system in one process'),
  ))).action(async (flags) => (await import('./commands/up.ts')).up(flags))
  addServerFlags(root.command('apiserver').description('the API server alone'))
    .action(async (flags) => (await import('./commands/up.ts')).apiserver(flags))
  addControllerFlags(
    root.command('controllers').description('the controllers, on any API server'),
  ).option(...kubeconfigFlag).option('--speed <factor>', 'divides simulated times', factor, 1)
    .addOption(verbosity())
    .action(async (flags) => (await import('./commands/loops.ts')).controllers(flags))
  addNodeFlags(root.command('nodes').description('simulated Nodes, on any API server'))
    .option(...kubeconfigFlag).addOption(verbosity())
    .action(async (flags) => (await import('./commands/loops.ts')).nodes(flags))
  root.command('completion <shell>').description('completion script for bash, zsh or fish')
    .action(async (shell) => (await import('./commands/completion.ts')).completion(root, shell))
  return root
}

async function main(): Promise<void> {
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitUsage
      return
    }
    const text = error instanceof Error ? error.message : String(error)
    process.stderr.write(`slicewise: ${text}\n`)
    if (process.env['SLICEWISE_DEBUG'] && error instanceof Error) console.error(error.stack)
    process.exit(exitFault)
  }
}

await main()
