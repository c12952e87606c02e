import type { Readable } from 'node:stream'
import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'

export const bodyTooLarge = (): StatusError => new StatusError(
  'RequestEntityTooLarge', `Request entity too large: limit is ${limits.bodyBytes}`)

/**
 * Collects a request's body. Too much of it, or too slow: refused, and the rest is thrown away so
 * that the refusal can be read; `cut` ends the exchange when the rest does not end either.
 */
export function readBody(
  env: Env, source: Readable, declared: string | undefined, cut: () => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = (): void => {
      cancel()
      source.off('data', onData).off('end', finish).off('error', lost).off('close', lost)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limits.bodyBytes) return refuse(bodyTooLarge())
      chunks.push(chunk)
    }
    const finish = (): void => {
      stop()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
    }
    const lost = (): void => {
      stop()
      reject(new StatusError('BadRequest', 'the request body ended early'))
    }
    const refuse = (error: StatusError): void => {
      stop()
      source.resume()
      source.once('close', env.after(limits.refusedBodyMs, cut))
      reject(error)
    }
    const cancel = env.after(limits.bodyMs, () => {
      refuse(new StatusError('Timeout', 'the request body did not arrive in time'))
    })
    if (declared !== undefined && Number(declared) > limits.bodyBytes) {
      return refuse(bodyTooLarge())
    }
    source.on('data', onData).on('end', finish).on('error', lost).on('close', lost)
  })
}
