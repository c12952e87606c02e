import { expect } from 'vitest'
import { startServing } from '../../../tools/testkit/serving.ts'
import { apiConformance } from '../../client/conformance.ts'
import { HttpApi } from '../../client/index.ts'
import { httpTransport, parseKubeconfig } from '../../client/node/index.ts'
import { kubeconfigText } from './kubeconfig.ts'

apiConformance('the server over HTTPS', async () => {
  const serving = await startServing()
  const kubeconfig = kubeconfigText(serving.server.url, serving.credentials)
  const transport = httpTransport(await parseKubeconfig(kubeconfig, '.'))
  return {
    api: new HttpApi({ transport, userAgent: 'suite/1.0' }),
    async close() {
      await serving.close()
      expect(serving.errors).toEqual([])
    },
  }
})
