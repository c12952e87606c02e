/** A package that shipped code imports. What exists for building and testing only is not here. */
export interface Dependency {
  readonly name: string
  /** Part of the bundle; otherwise it is installed with the packed program. */
  readonly bundled: boolean
  /** Runs in a browser as well, so packages of the control plane may take it. */
  readonly browser: boolean
  readonly why: string
}

/** None of them needs an install script: everything is installed with scripts off. */
export const dependencies: readonly Dependency[] = [
  {
    name: 'lmdb',
    bundled: false,
    browser: false,
    why: 'the embedded store: crash-safe by design, prebuilt binaries load without scripts',
  },
  {
    name: '@peculiar/x509',
    bundled: true,
    browser: true,
    why: 'makes the CA and the certificates; loaded only when one is made',
  },
  {
    name: 'reflect-metadata',
    bundled: true,
    browser: true,
    why: '@peculiar/x509 expects it to be loaded first',
  },
  { name: 'jose', bundled: true, browser: true, why: 'ServiceAccount tokens' },
  { name: 'ws', bundled: true, browser: false, why: 'watches over WebSocket' },
  {
    name: 'ipaddr.js',
    bundled: true,
    browser: true,
    why: 'addresses and ranges, behind a strict check of the text',
  },
  {
    name: 'yaml',
    bundled: true,
    browser: true,
    why: 'manifests and kubeconfigs, with messages that name line and column',
  },
  { name: 'commander', bundled: true, browser: false, why: 'the command line' },
  { name: 'picocolors', bundled: true, browser: true, why: 'colours in the terminal' },
  { name: 'pino', bundled: true, browser: false, why: 'structured logs' },
]
