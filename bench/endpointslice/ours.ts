/**
 * The controller as a process of its own, so that its CPU time can be told from the bench's;
 * bundled first, as it ships. Takes the name of a kubeconfig, ends with SIGTERM.
 */
import { CacheSet, HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { EndpointSliceController } from '@slicewise/controllers'
import { nodeEnv } from '@slicewise/system/node'

async function main(file: string): Promise<void> {
  const env = nodeEnv()
  const transport = httpTransport(await readKubeconfig(file))
  const api = new HttpApi({ transport, userAgent: 'slicewise-bench' })
  const end = new AbortController()
  process.once('SIGTERM', () => end.abort())
  const caches = new CacheSet({ api, env, signal: end.signal })
  const controller = new EndpointSliceController({
    env, api, caches, signal: end.signal,
    options: { maxEndpointsPerSlice: 100, endpointSliceBatchMs: 0 },
  })
  await controller.run()
  process.exit(0)
}

const [, , kubeconfig] = process.argv
if (kubeconfig === undefined) throw new Error('usage: ours.ts KUBECONFIG')
void main(kubeconfig)
