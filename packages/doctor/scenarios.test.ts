import { HttpApi, type Transport } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { nodeEnv } from '@slicewise/system/node'
import { startControlPlane } from '@slicewise/testing'
import { expect, test } from 'vitest'
import { type Explanation, explain } from '../cli/why.ts'
import { findingTable } from './findings.ts'
import type { ServiceReport } from './why-service.ts'
import { type Scenario, makeScenario, readScenarios } from './test-scenarios.ts'

const scenarios = readScenarios()
const sliceControllers = ['endpointslice', 'endpointslice-mirroring', 'endpoints']

/** The ids that were found, as a scenario lists them. */
export function idsOf(
  { report }: Explanation, severity: 'fault' | 'notice',
): string[] {
  const own = report.findings.filter((one) => one.severity === severity)
  return [...new Set(own.map(({ id }) => id))].sort()
}

function matches(scenario: Scenario, found: Explanation): boolean {
  return idsOf(found, 'fault').join() === [...scenario.findings].sort().join()
    && (scenario.notices === undefined
      || idsOf(found, 'notice').join() === [...scenario.notices].sort().join())
}

const rows = scenarios.map((one) => [one.name, one] as const)

test.concurrent.each(rows)('%s', async (_name, scenario) => {
  await using plane = await startControlPlane({
    nodes: 0, controllers: scenario.uncontrolled ? ['-*'] : sliceControllers,
  })
  await makeScenario(plane.api, scenario)
  const seen: string[] = []
  const transport = recorded(
    httpTransport(await parseKubeconfig(plane.kubeconfig, '.')), seen)
  const api = new HttpApi({ transport, userAgent: 'test' })
  const subject = { kind: scenario.kind, namespace: 'shop', name: scenario.about }
  let found = await explain({ env: nodeEnv(), api, subject })
  for (let tries = 0; tries < 50 && !matches(scenario, found); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    found = await explain({ env: nodeEnv(), api, subject })
  }
  await transport.close()
  expect(idsOf(found, 'fault'), found.text).toEqual([...scenario.findings].sort())
  if (scenario.notices !== undefined) {
    expect(idsOf(found, 'notice'), found.text).toEqual([...scenario.notices].sort())
  }
  expect(found.exit).toBe(scenario.exit)
  if (scenario.says !== undefined) expect(found.text).toContain(scenario.says)
  expect(new Set(seen)).toEqual(new Set(['GET']))
  expect(JSON.parse(JSON.stringify(found.report))).toEqual(found.report)
  for (const { id } of found.report.findings) expect(findingTable).toHaveProperty(id)
})

/** Notes the method of every request. */
function recorded(transport: Transport, seen: string[]): Transport {
  return {
    request: (request) => {
      seen.push(request.method)
      return transport.request(request)
    },
    close: () => transport.close(),
  }
}

test('programs are told of every selected Pod, family and port', async () => {
  const [scenario] = scenarios.filter(({ name }) => name === 'port-name-in-some')
  await using plane = await startControlPlane({ nodes: 0, controllers: sliceControllers })
  await makeScenario(plane.api, scenario as Scenario)
  const subject = { kind: 'Service', namespace: 'shop', name: 'web' } as const
  const { report } = await explain({ env: nodeEnv(), api: plane.api, subject })
  const families = { IPv4: 'endpoint' }
  expect((report as ServiceReport).pods).toEqual([
    {
      name: 'web-a', state: 'ready', addresses: ['10.0.0.1'], families, ports: { http: 8080 },
      findings: [],
    },
    {
      name: 'web-b', state: 'ready', addresses: ['10.0.0.2'], families, ports: { http: null },
      findings: ['PortNameMissing'],
    },
  ])
})

test('there are broken clusters enough, and such that raise no alarm', () => {
  expect(scenarios.filter(({ exit }) => exit === 3).length).toBeGreaterThanOrEqual(15)
  for (const id of ['NoSelector', 'ExternalName', 'ScaledToZero']) {
    expect(scenarios.some(({ exit, notices }) => exit === 0 && notices?.includes(id))).toBe(true)
  }
})
