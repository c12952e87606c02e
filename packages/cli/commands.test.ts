import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyProgram, workFolder } from '../system/test-program.ts'
import { Command, type Ended, endAll } from './test-command.ts'

const { folder, remove } = workFolder()
let cli: string
beforeAll(async () => {
  cli = await copyProgram(folder)
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'newer'))
  const newer = '{"store":"slicewise","format":99,"id":"a"}'
  writeFileSync(join(folder, 'newer', 'slicewise-store.json'), newer)
  const text = 'current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: 3'
  writeFileSync(join(folder, 'broken'), text)
  writeFileSync(join(folder, 'no-yaml'), 'a: b: c')
}, 60_000)
afterAll(async () => {
  await endAll()
  await remove()
})

const run = (args: string): Promise<Ended> =>
  new Command(cli, args.split(' ').filter(Boolean), { cwd: folder }).ended
const memory = '--listen 127.0.0.1:0 --data memory'

const refused: [string, number, RegExp][] = [
  ['nope', 2, /unknown command 'nope'/],
  ['up --nope', 2, /unknown option '--nope'/],
  ['up more', 2, /too many arguments/],
  ['up --listen nowhere', 2, /expected HOST:PORT/],
  ['up --data etcd', 2, /not there yet/],
  ['up --output text', 2, /Allowed choices are table, json, yaml/],
  [`up ${memory} --controllers nope`, 2, /unknown controller "nope": use \*, or names out of/],
  ['controllers --controllers nope', 2, /unknown controller "nope"/],
  ['completion tcsh', 2, /Allowed choices are bash, zsh, fish/],
  ['up --listen 127.0.0.1:0 --data /proc/nope', 1, /\/proc\/nope cannot be written .*another/],
  ['up --listen 127.0.0.1:0 --data file', 1, /file is not a folder: name a folder/],
  ['up --listen 127.0.0.1:0 --data newer', 1, /has format 99, .*use a newer release/],
  ['up --listen 198.51.100.1:0 --data memory', 1, /cannot listen at 198\.51\.100\.1:0: /],
  [`up ${memory} --kubeconfig /proc/nope/a`, 1, /kubeconfig \/proc\/nope\/a cannot be written/],
  [`up ${memory} --kubeconfig newer`, 1, /kubeconfig .*newer cannot be written \(EISDIR\): name/],
  [`up ${memory} --kubeconfig file/a`, 1, /kubeconfig .*file\/a cannot be written \(ENOTDIR\)/],
  [`up ${memory} --metrics 198.51.100.1:1`, 1, /cannot serve metrics at 198\.51\.100\.1:1: /],
  ['nodes', 1, /kubeconfig .*\.kube\/config cannot be read \(ENOENT\): name a file/],
  ['controllers --kubeconfig newer', 1, /kubeconfig newer cannot be read \(EISDIR\): name a file/],
  ['controllers --kubeconfig broken', 1, /kubeconfig broken: no cluster named "c": mend it, or/],
  ['nodes --kubeconfig no-yaml', 1, /kubeconfig no-yaml: no valid YAML: .* line 1, .*: mend it/],
]

test.concurrent.each(refused)('%s is refused in one line', async (args, code, says) => {
  const ended = await run(args)
  expect(ended).toMatchObject({ code, signal: null, stdout: '' })
  expect(ended.stderr).toMatch(/^slicewise: [^\n]+\n$/)
  expect(ended.stderr).toMatch(says)
})

test.each(['--version', '--help', 'help up', 'nodes --help', 'completion zsh', 'completion fish'])(
  '%s ends with 0', async (args) => {
    const { code, stdout, stderr } = await run(args)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).not.toBe('')
  })

describe('what says that it is ready', () => {
  const forms: [string, (line: string, all: string) => unknown][] = [
    ['json', (line) => JSON.parse(line)],
    ['yaml', (_line, all) => parse(all)],
  ]
  test.each(forms)('as %s', async (form, read) => {
    const kubeconfig = `kubeconfig-${form}`
    const args = `apiserver ${memory} --kubeconfig ${kubeconfig} --output ${form} ` +
      '--metrics 127.0.0.1:0'
    const server = new Command(cli, args.split(' '), { cwd: folder })
    const line = await server.firstLine()
    const watched = new Command(cli, ['controllers', '--kubeconfig', kubeconfig, '--output', form,
      '--metrics', '127.0.0.1:0'], { cwd: folder })
    const told = await watched.firstLine()
    const stopped = await watched.send('SIGTERM')
    const { code, stdout } = await server.send('SIGINT')
    expect([code, stopped.code, stopped.stderr]).toEqual([0, 0, ''])
    const facts = read(line, stdout) as { url: string }
    expect(facts).toMatchObject({ ready: true, kubeconfig, nodes: 0 })
    expect(read(told, stopped.stdout)).toMatchObject({ server: facts.url })
    expect(readFileSync(join(folder, kubeconfig), 'utf8')).toContain(facts.url)
  })
})

test('metrics are served over plain HTTP, and nothing else is', async () => {
  const kubeconfig = ['--kubeconfig', 'kubeconfig-metrics']
  const args = [...`up ${memory} --nodes 1 --output json --metrics 127.0.0.1:0`.split(' ')]
  const up = new Command(cli, [...args, ...kubeconfig], { cwd: folder })
  const { metrics } = JSON.parse(await up.firstLine()) as { metrics: string }
  const ask = async (path: string, method: 'GET' | 'POST' = 'GET'): Promise<[number, string]> => {
    const answer = await request(new URL(path, metrics), { method })
    return [answer.statusCode, await answer.body.text()]
  }
  const [code, text] = await ask('/metrics?x')
  expect(code).toBe(200)
  const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1])
  expect(names).toContain('apiserver_longrunning_requests')
  expect(names).toContain('process_cpu_seconds_total')
  expect(new Set(names).size).toBe(names.length)
  expect(await ask('/healthz')).toEqual([200, 'ok'])
  expect((await ask('/api'))[0]).toBe(404)
  expect((await ask('/metrics', 'POST'))[0]).toBe(405)
  expect((await up.send('SIGTERM')).code).toBe(0)
})
