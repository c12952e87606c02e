import { expect, test } from 'vitest'
import { EventCorrelator } from './correlate.ts'

const minuteMs = 60_000

function teller(): (message: string, nowMs?: number, object?: string, kind?: string) => string {
  const correlator = new EventCorrelator()
  let names = 0
  return (message, nowMs = 0, object = 'u', kind = 'Normal Did') => {
    const told = correlator.correlate({
      object, kind, message, nowMs, name: () => ({ name: `e${++names}`, namespace: 'default' }),
    })
    return told === undefined
      ? 'nothing' : `${told.recorded.name} x${told.recorded.count} ${told.message}`
  }
}

test('equal Events are counted', () => {
  const tell = teller()
  expect([tell('a'), tell('a'), tell('b'), tell('a')])
    .toEqual(['e1 x1 a', 'e1 x2 a', 'e2 x1 b', 'e1 x3 a'])
})

test('another object, type or reason is another Event', () => {
  const tell = teller()
  expect([tell('a'), tell('a', 0, 'v'), tell('a', 0, 'u', 'Warning Did')])
    .toEqual(['e1 x1 a', 'e2 x1 a', 'e3 x1 a'])
})

test('from the tenth similar one on they are combined', () => {
  const tell = teller()
  for (let one = 1; one < 10; one++) tell(`m${one}`)
  expect(tell('m10')).toBe('e10 x1 (combined from similar events): m10')
  expect(tell('m11')).toBe('e10 x2 (combined from similar events): m11')
})

test('similar ones that come far apart are not combined', () => {
  const tell = teller()
  for (let one = 1; one < 10; one++) tell(`m${one}`)
  expect(tell('m10', 11 * minuteMs)).toBe('e10 x1 m10')
})

test('an object tells 25 at once and one more every five minutes', () => {
  const tell = teller()
  for (let one = 1; one <= 25; one++) expect(tell('a')).toBe(`e1 x${one} a`)
  expect([tell('a'), tell('a')]).toEqual(['nothing', 'nothing'])
  expect(tell('b', 0, 'v')).not.toBe('nothing')
  expect(tell('a', 5 * minuteMs)).toBe('e1 x28 a')
  expect(tell('a', 5 * minuteMs)).toBe('nothing')
})
