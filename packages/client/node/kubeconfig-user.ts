import { resolve } from 'node:path'
import { type ExecPlugin, type Impersonation, KubeconfigError } from './access.ts'
import { type Section, sectionOf, textOf, textsIn } from './kubeconfig-file.ts'

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']
const modes = ['Never', 'IfAvailable', 'Always'] as const
/** Under this name a cluster holds what is meant for exec plugins. */
const execExtension = 'client.authentication.k8s.io/exec'

/** The program that a user logs in by; undefined when there is none. */
export function execPluginOf(
  user: Section, folder: string, name: string, cluster: Section,
): ExecPlugin | undefined {
  if (user['exec'] == null) return undefined
  const exec = sectionOf(user['exec']) ?? {}
  const command = textOf(exec['command'])
  const refuse = (why: string): never => {
    throw new KubeconfigError(`the exec plugin of user "${name}" ${why}`)
  }
  if (!command) return refuse('has no command')
  const apiVersion = textOf(exec['apiVersion']) ?? ''
  if (!versions.includes(apiVersion)) {
    return refuse(`has apiVersion "${apiVersion}": it must be one of ${versions.join(', ')}`)
  }
  const given = exec['interactiveMode'] ?? (apiVersion.endsWith('/v1') ? undefined : 'IfAvailable')
  const interactiveMode = modes.find((mode) => mode === given)
  if (interactiveMode === undefined) {
    return refuse(`needs an interactiveMode, one of ${modes.join(', ')}`)
  }
  const installHint = textOf(exec['installHint'])
  return {
    apiVersion, interactiveMode,
    // As client-go: a name without a slash is looked up in PATH, a relative path beside the file.
    command: command.includes('/') ? resolve(folder, command) : command,
    args: textsIn(exec['args']),
    env: environmentOf(exec['env']),
    provideClusterInfo: exec['provideClusterInfo'] === true,
    clusterConfig: extensionOf(cluster),
    ...(installHint ? { installHint } : {}),
  }
}

function environmentOf(list: unknown): Record<string, string> {
  const pairs = (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const pair = sectionOf(one)
    const name = textOf(pair?.['name'])
    return name ? [[name, textOf(pair?.['value']) ?? ''] as const] : []
  })
  return Object.fromEntries(pairs)
}

function extensionOf(cluster: Section): unknown {
  const list: unknown = cluster['extensions']
  const found = (Array.isArray(list) ? list : []).map(sectionOf)
    .find((one) => one?.['name'] === execExtension)
  return found?.['extension']
}

/** As whom a user wants to act; undefined when as itself. */
export function impersonationOf(user: Section, name: string): Impersonation | undefined {
  const as = textOf(user['as'])
  const uid = textOf(user['as-uid'])
  const groups = textsIn(user['as-groups'])
  const extra = Object.entries(sectionOf(user['as-user-extra']) ?? {})
    .map(([key, values]) => [key, textsIn(values)] as const)
  if (!as) {
    if (!uid && groups.length === 0 && extra.length === 0) return undefined
    throw new KubeconfigError(`user "${name}" says as-groups, as-uid or as-user-extra without as`)
  }
  return {
    user: as,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  }
}
