// What the numbers on a gate's screen are. Pure; held to tests/vectors/crowd.json together with fair_pos/visitors/rules.py.
import type { Crowd } from '../wire.gen'

export type Direction = 'in' | 'out'
export type Level = Crowd['level']
export const GROUP_PEOPLE = 30
const AMBER_PERCENT = 80
const RED_PERCENT = 95

/** Amber from 80 % of the limit, red from 95 %; calm when there is no limit or nobody knows who is inside. */
export function crowdLevel(people: number | null, limit: number | null): Level {
  if (people === null || limit === null || limit <= 0) return 'calm'
  if (people * 100 >= limit * RED_PERCENT) return 'red'
  return people * 100 >= limit * AMBER_PERCENT ? 'amber' : 'calm'
}

/** How full it is, rounded down. */
export const crowdPercent = (people: number, limit: number): number => Math.floor((people * 100) / limit)

/** What is summed up: a tap adds, an undo takes away what its tap added. */
export interface Counted {
  kind: 'tap' | 'group' | 'undo'
  direction: Direction
  people: number
  unsent?: 1
}

export interface Sums {
  in: number
  out: number
  /** People in less people out of what the server does not have yet. */
  unsentNet: number
  unsent: number
}

export const NO_SUMS: Sums = { in: 0, out: 0, unsentNet: 0, unsent: 0 }

export function sumsOf(entries: Iterable<Counted>): Sums {
  const sums = { ...NO_SUMS }
  for (const one of entries) {
    const people = one.kind === 'undo' ? -one.people : one.people
    sums[one.direction] += people
    if (one.unsent === undefined) continue
    sums.unsent++
    sums.unsentNet += one.direction === 'in' ? people : -people
  }
  return sums
}

export const plus = (one: Sums, other: Sums): Sums => ({
  in: one.in + other.in,
  out: one.out + other.out,
  unsentNet: one.unsentNet + other.unsentNet,
  unsent: one.unsent + other.unsent,
})

/** Who is inside, as far as this phone knows: the server's word and what has been tapped here since. */
export const insideShown = (crowd: Crowd | null, unsentNet: number): number | null =>
  crowd === null || crowd.people === null ? null : Math.max(0, crowd.people + unsentNet)
