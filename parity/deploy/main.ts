/**
 * Deploys the controllers beside the real components as `deploy/` says, and checks what it says.
 *
 *   npx tsx parity/deploy/main.ts [--verbose] [--release 1.31.0]
 *
 * The real kube-controller-manager runs without the three controllers of discovery; ours stand in,
 * as a process in what looks to it like a Pod, with the ServiceAccount and rights of `rbac.yaml`.
 * All must work so, and each right that is taken away must be missed. Both manifests must pass both
 * API servers, and the metrics must have the names, types and labels of the reference.
 *
 * `--release`: only whether all works, on another release of kube-apiserver, which must have been
 * built: `SLICEWISE_KUBERNETES=1.31.0 SLICEWISE_PROGRAMS=kube-apiserver parity/reference/build.sh`.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startControlPlane } from '@slicewise/testing'
import { parse } from 'yaml'
import { buildReference, startReference } from '../reference/start.ts'
import { applyDry, kubectl, writeAccount, writeOurs } from './cluster.ts'
import { compareMetrics, referenceMetrics } from './metrics.ts'
import { type Role, rightsOf, withoutRight } from './rights.ts'
import { prepareWorld, runScenario } from './scenario.ts'

const { values } = parseArgs({
  options: { verbose: { type: 'boolean', default: false }, release: { type: 'string' } },
})
const manifests = join(import.meta.dirname, '..', '..', 'deploy')
const scratch = mkdtempSync(join(tmpdir(), 'slicewise-deploy-'))
const without = ['endpointslice', 'endpointslice-mirroring', 'endpoints']
  .map((name) => `-${name}-controller`)
/** Pods here need no ServiceAccount, so that none has to be waited for. */
const admission = [
  '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
  '--disable-admission-plugins=ServiceAccount',
]
let passed = 0
let failed = 0

function check(what: string, faults: readonly string[]): void {
  if (faults.length === 0) passed++
  else failed++
  if (faults.length > 0 || values.verbose) {
    process.stdout.write(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${what}\n`)
  }
  for (const fault of faults) process.stdout.write(`    ${fault}\n`)
}

try {
  await (values.release === undefined ? main() : onRelease(values.release))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

async function main(): Promise<void> {
  buildReference()
  const reference = await startReference({
    dir: join(scratch, 'reference'), controllers: ['*', ...without], unsafeNoFsync: true,
    apiserverFlags: [
      // Without it lists are never asked for: both ways to begin have to be allowed.
      '--feature-gates=WatchList=false',
      ...admission,
    ],
  })
  await using plane = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  try {
    const files = ['rbac.yaml', 'deployment.yaml'].map((name) => join(manifests, name))
    check('the real server takes the manifests', await applyDry(reference.kubeconfig, files))
    check('ours takes the manifests', await applyDry(writeOurs(scratch, plane), files))
    kubectl(reference.kubeconfig, ['apply', '-f', join(manifests, 'rbac.yaml')])
    const account = writeAccount(scratch, reference)
    await prepareWorld(reference.kubeconfig)
    const whole = await runScenario({ reference, account, namespace: 'whole' })
    check('with the rights of rbac.yaml all works', [
      ...whole.faults, ...whole.forbidden.map((line) => `forbidden: ${line}`),
    ])
    check('metrics are named as the reference names them',
      compareMetrics(await referenceMetrics(reference, scratch), whole.metrics))
    await takeAway(reference, account)
  } finally {
    await reference.stop()
  }
}

/** The server of another release, with etcd and kubectl of the usual one, and no controllers. */
async function onRelease(release: string): Promise<void> {
  const usual = buildReference()
  const bin = join(usual, '..', '..', `reference-${release}`, 'bin')
  for (const program of ['etcd', 'kubectl']) {
    rmSync(join(bin, program), { force: true })
    symlinkSync(join(usual, program), join(bin, program))
  }
  const reference = await startReference({
    dir: join(scratch, 'release'), bin, unsafeNoFsync: true,
    apiserverFlags: admission,
  })
  try {
    const rbac = join(manifests, 'rbac.yaml')
    kubectl(reference.kubeconfig, ['apply', '-f', rbac])
    const account = writeAccount(scratch, reference)
    await prepareWorld(reference.kubeconfig)
    const { faults, forbidden } = await runScenario({ reference, account, namespace: 'whole' })
    check(`on ${release} all works with the rights of rbac.yaml`, [
      ...faults, ...forbidden.map((line) => `forbidden: ${line}`),
    ])
  } finally {
    await reference.stop()
  }
}

async function takeAway(
  reference: Awaited<ReturnType<typeof startReference>>, account: string,
): Promise<void> {
  const text = readFileSync(join(manifests, 'rbac.yaml'), 'utf8')
  const roles = text.split(/^---$/m).map((one) => parse(one) as Role)
    .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role')
  for (const role of roles) {
    for (const right of rightsOf(role)) {
      const { verb, resource } = right
      kubectl(reference.kubeconfig, ['replace', '-f', '-'], withoutRight(role, right))
      const namespace = `no-${verb}-${resource.replace('/', '-')}`
      const { forbidden } = await runScenario({
        reference, account, namespace, until: (lines) => missed(lines, right),
      })
      check(`without ${verb} of ${resource} something is missed`,
        missed(forbidden, right) ? [] : ['nothing was: the right is not needed', ...forbidden])
    }
    kubectl(reference.kubeconfig, ['replace', '-f', '-'], role)
  }
}

/** Whether what was refused names the right; of finalizers the admission plugin speaks. */
function missed(
  lines: readonly string[], { verb, resource }: { verb: string; resource: string },
): boolean {
  const words = resource.endsWith('/finalizers')
    ? "can't set finalizers on" : `cannot ${verb} resource \\"${resource}\\"`
  return lines.some((line) => line.includes(words) || line.includes(words.replaceAll('\\', '')))
}
