#!/usr/bin/env node
import { Argument, Command, CommanderError, Option } from 'commander'
import { UsageError, endOnFault, oneLine, printToAnyone, remedyOf } from './fault.ts'
import {
  between, count, dataFolder, duration, factor, fileName, hostPort, oneRangePerFamily, ranges,
  words,
} from './flags.ts'
import { outputForms } from './output.ts'
import { shells } from './shells.ts'
import { endAtSignals } from './stop.ts'
import { version } from './version.ts'

/** Exit codes: 0 done, 1 a fault, 2 a bad flag; 3 of `why`: endpoints are missing. */
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
      dataFolder, '.slicewise/data')
    .option('--kubeconfig <file>', 'gets the CA and an admin credential', fileName,
      '.slicewise/kubeconfig')
    .addOption(rangesFlag('--service-cidr <ranges>', 'Service ranges, one or two families',
      '10.96.0.0/16,fd00:10:96::/112', oneRangePerFamily))
    .addOption(rangesFlag('--lb-cidr <ranges>', 'LoadBalancer addresses', '192.0.2.0/24', ranges))
}

/** What every command takes. */
function addCommonFlags(command: Command): Command {
  return command
    .addOption(new Option('--output <form>', 'how it says that it is ready')
      .choices([...outputForms]).default('table'))
    .option('--metrics <host:port>', 'also serves /metrics and /healthz there, over plain HTTP',
      hostPort)
    .option('-v, --verbosity <n>', '0 warnings, 1 what happens, 2 everything', count(10), 0)
}

const kubeconfigFlag = ['--kubeconfig <file>',
  'API server and credential; default as kubectl finds them'] as const

function addControllerFlags(command: Command): Command {
  return command
    .option('--max-endpoints-per-slice <n>', 'endpoints in one EndpointSlice, 1 to 1000',
      between(1, 1_000), 100)
    .option('--endpointslice-updates-batch-period <duration>',
      'fixed gathering window; 0 adapts to the churn', duration, 0)
    .option('--endpoint-updates-batch-period <duration>',
      'the same for Endpoints', duration, 0)
    .option('--mirroring-endpointslice-updates-batch-period <duration>',
      'the same for mirrored slices', duration, 0)
    .option('--mirroring-max-endpoints-per-subset <n>',
      'endpoints mirrored of one subset, 1 to 1000', between(1, 1_000), 1_000)
    .option('--concurrent-service-endpoint-syncs <n>', 'Services at once, 1 to 50',
      between(1, 50), 5)
    .option('--concurrent-endpoint-syncs <n>', 'Services at once, for Endpoints',
      between(1, 1_000), 5)
    .option('--mirroring-concurrent-service-endpoint-syncs <n>',
      'mirrored Endpoints at once, 1 to 50', between(1, 50), 5)
}

/** Of a component that may be one of several. */
function addLeaderFlags(command: Command): Command {
  return command
    .option('--leader-elect', 'works only while it holds a Lease; ends with 1 when it loses it')
    .option('--leader-elect-lease-duration <duration>', 'others leave a silent leader so long',
      duration, 15_000)
    .option('--leader-elect-renew-deadline <duration>',
      'a leader without an answer stops after this', duration, 10_000)
    .option('--leader-elect-retry-period <duration>', 'between two tries', duration, 2_000)
    .addOption(new Option('--leader-elect-resource-lock <kind>', 'what is held')
      .choices(['leases']).default('leases'))
    .option('--leader-elect-resource-name <name>', 'of the Lease', 'slicewise-controllers')
    .option('--leader-elect-resource-namespace <name>', 'of the Lease', 'kube-system')
}

function addNodeFlags(command: Command): Command {
  return command
    .option('--nodes <n>', 'simulated Nodes over zone-a, zone-b and zone-c', count(5_000), 3)
    .option('--speed <factor>', 'divides the times of the simulation', factor, 1)
    .addOption(rangesFlag('--pod-cidr <ranges>', 'Pod ranges, cut into one range per Node',
      '10.128.0.0/9,fd00:10:128::/48', oneRangePerFamily))
}

function addWhy(root: Command): void {
  root.command('why').description('why a Service has the endpoints it has, or a Pod is none')
    .argument('<what...>', 'svc/NAME or pod/NAME')
    .option('-n, --namespace <name>', 'default that of the kubeconfig')
    .option(...kubeconfigFlag)
    .option('--context <name>', 'context of the kubeconfig')
    .addOption(new Option('-o, --output <form>', 'for a person or for programs')
      .choices(['text', 'table', 'json', 'yaml']).default('text'))
    .option('--wait <n>', 'first wait until n endpoints are ready', count(1_000_000))
    .addOption(new Option('--timeout <duration>', 'how long to wait at most')
      .argParser(duration).default(60_000, '1m'))
    .option('-v, --verbosity <n>', '0 warnings, 1 what happens, 2 everything', count(10), 0)
    .addHelpText('after', '\nExit status: 0 as it should be, 3 endpoints are missing, 1 error, ' +
      '2 bad flag.')
    .action(async (what, flags) => (await import('./commands/why.ts')).why(what, flags))
}

function program(): Command {
  const root = new Command('slicewise')
    .description('Kubernetes service discovery: API server, controllers, simulated Nodes')
    .version(version, '--version')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`slicewise: ${oneLine(text).replace(/^error: /, '')}\n`),
    })
  addCommonFlags(addNodeFlags(addControllerFlags(addServerFlags(
    root.command('up').description('the whole system in one process'),
  )))).option('--controllers <names>', 'names as kube-controller-manager takes them; "*" is all',
    words, ['*']).action(async (flags) => (await import('./commands/up.ts')).up(flags))
  addCommonFlags(addServerFlags(
    root.command('apiserver').description('the API server alone'),
  )).action(async (flags) => (await import('./commands/up.ts')).apiserver(flags))
  addCommonFlags(addLeaderFlags(addControllerFlags(
    root.command('controllers').description('the controllers, on any API server'),
  )).option('--controllers <names>', 'names as kube-controller-manager takes them; default "*" ' +
    'on a server of Slicewise, elsewhere those of slices and Endpoints', words)
    .option(...kubeconfigFlag).option('--context <name>', 'context of the kubeconfig')
    .option('--speed <factor>', 'divides simulated times', factor, 1))
    .option('--shadow', 'compare what they derive with what stands there; write nothing')
    .option('--watch', 'with --shadow: go on, and tell each time when it changes')
    .action(async (flags) => (flags.shadow === true
      ? (await import('./commands/shadow.ts'))
        .shadow({ ...flags, controllers: flags.controllers ?? ['*'] })
      : (await import('./commands/loops.ts')).controllers(flags)))
  addCommonFlags(addNodeFlags(
    root.command('nodes').description('simulated Nodes, on any API server'),
  ).option(...kubeconfigFlag).option('--context <name>', 'context of the kubeconfig'))
    .action(async (flags) => (await import('./commands/loops.ts')).nodes(flags))
  addWhy(root)
  root.command('completion').description('completion script for bash, zsh or fish')
    .addArgument(new Argument('<shell>').choices([...shells]))
    .action(async (shell) => (await import('./commands/completion.ts')).completion(root, shell))
  return root
}

async function main(): Promise<void> {
  printToAnyone()
  endAtSignals()
  process.on('uncaughtException', endOnFault)
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitUsage
      return
    }
    process.stderr.write(`slicewise: ${oneLine(error)}${remedyOf(error)}\n`)
    if (process.env['SLICEWISE_DEBUG'] && error instanceof Error) console.error(error.stack)
    process.exit(error instanceof UsageError ? exitUsage : exitFault)
  }
}

await main()
