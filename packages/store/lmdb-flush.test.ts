import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildChild, runChild } from './test-lmdb-process.ts'
import { temporaryFolder } from './test-env.ts'

const commits = 6

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The calls on the data file and what was said, in order. */
function callsOn(trace: string, dataFile: string): string[] {
  const flushing = new Set<string>()
  const calls: string[] = []
  for (const line of trace.split('\n')) {
    const call = /^\d+ +(\w+)\((\w+)(<[^>]*>)?(.*)/.exec(line)
    if (call === null) continue
    const [, name = '', number = '', path = '', rest = ''] = call
    const opened = /= (\d+)<.*data\.mdb>/.exec(rest)
    if (name === 'openat' && rest.includes('O_DSYNC') && opened !== null)
      flushing.add(opened[1] ?? '')
    if (path === `<${dataFile}>`)
      calls.push(flushing.has(number) && name.includes('write') ? 'write+flush' : name)
    const said = /^, "(stored \d+|closed)/.exec(rest)
    if (name === 'write' && number === '1' && said !== null) calls.push(said[1] ?? '')
  }
  return calls
}

test('a commit is acknowledged after its data, then its meta page, were flushed', async context => {
  if (!hasStrace()) {
    console.warn(
      'SKIPPED: strace is not here, so the order of write, flush and answer was not watched',
    )
    return context.skip()
  }
  const { dir, remove } = temporaryFolder()
  mkdirSync(dirname(dir), { recursive: true })
  try {
    const child = await buildChild(dirname(dir))
    const trace = join(dirname(dir), 'trace')
    const what = 'trace=openat,write,writev,pwrite64,pwritev,pwritev2,fdatasync,fsync,msync'
    const strace = ['strace', '-f', '-y', '-s', '80', '-o', trace, '-e', what]
    const { lines } = await runChild([
      ...strace,
      process.execPath,
      child,
      'steps',
      dir,
      `${commits}`,
    ])
    expect(lines.at(-1)).toBe('closed')
    const calls = callsOn(readFileSync(trace, 'utf8'), join(dir, 'data.mdb'))
    for (let n = 0; n < commits; n++) {
      const from = n === 0 ? 0 : calls.indexOf(`stored ${n - 1}`)
      const ofCommit = calls.slice(from + 1, calls.indexOf(`stored ${n}`))
      const written = ofCommit.findLastIndex(call => /^p?write(64|v|v2)$/.test(call))
      const flushed = ofCommit.findLastIndex(call => /^(fdatasync|fsync|msync)$/.test(call))
      const meta = ofCommit.lastIndexOf('write+flush')
      const title = `commit ${n}: ${ofCommit.join(' ')}`
      expect(written, title).toBeGreaterThanOrEqual(0)
      expect(flushed, title).toBeGreaterThan(written)
      expect(meta, title).toBeGreaterThan(flushed)
    }
  } finally {
    remove()
  }
})
