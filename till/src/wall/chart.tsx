// Today's hours as a thick line with dots, the edition before as a thin dashed one: told apart by shape, named above with that shape.
import { scaleLinear, scalePoint } from 'd3-scale'
import { curveMonotoneX, line } from 'd3-shape'
import { shortDong } from './amounts'
import { hourOf, hoursSoFar, type Hour, type WallBoard } from './board'
import type { WallWords } from './words'

export interface Size {
  width: number
  height: number
}

interface Point {
  x: number
  y: number
  dong: number
  hour: number
}

const DIGITS = 92 // font size of every number on the wall, in its own 1920 × 1080
const FOOT = 92
const SIDE = 84

export interface Drawn {
  today: Point[]
  /** The hour that is not over yet: a hollow dot by itself, or the line would plunge at every full hour. */
  running: Point | null
  before: Point[]
  todayPath: string
  beforePath: string
  zeroY: number
  ticks: { x: number; hour: number }[]
  peak: Point | null
}

/** Where everything stands in a picture of this size. */
export function draw(board: WallBoard, { width, height }: Size): Drawn {
  const hours = board.hours
  const compared = hours.filter((one): one is Hour & { before_dong: number } => one.before_dong !== null)
  const amounts = [...hours.map((one) => one.net_dong), ...compared.map((one) => one.before_dong), 0]
  const x = scalePoint<number>(
    hours.map((one) => one.hour),
    [SIDE, width - SIDE],
  )
  const y = scaleLinear([Math.min(...amounts), Math.max(...amounts, 1)], [height - FOOT, DIGITS + 24])
  const at = (hour: number, dong: number): Point => ({ x: x(hour) ?? 0, y: y(dong), dong, hour })
  const soFar = hoursSoFar(board).map((one) => at(one.hour, one.net_dong))
  const running = soFar.at(-1)?.hour === hourOf(board) ? (soFar.at(-1) ?? null) : null
  const today = running === null ? soFar : soFar.slice(0, -1)
  const before = compared.map((one) => at(one.hour, one.before_dong))
  const path = line<Point>(
    (one) => one.x,
    (one) => one.y,
  ).curve(curveMonotoneX)
  const peak = soFar.reduce<Point | null>((best, one) => (best === null || one.dong > best.dong ? one : best), null)
  // A number of 92 px is wide: as many hours as have room, at least the first and one more.
  const room = Math.max(2, Math.floor(width / 210))
  const every = Math.max(1, Math.ceil(hours.length / room))
  return {
    today,
    running,
    before,
    todayPath: path(today) ?? '',
    beforePath: path(before) ?? '',
    zeroY: y(0),
    ticks: hours.filter((_, at) => at % every === 0).map(({ hour }) => ({ x: x(hour) ?? 0, hour })),
    peak: peak !== null && peak.dong > 0 ? peak : null,
  }
}

/** Kept inside the picture, however near its edge a point lies. */
const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

export function Chart({ board, size, words }: { board: WallBoard; size: Size; words: WallWords }) {
  const { today, running, before, todayPath, beforePath, zeroY, ticks, peak } = draw(board, size)
  const { width, height } = size
  return (
    <svg class="chart" preserveAspectRatio="xMidYMax" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <line class="zero" x1={0} x2={width} y1={zeroY} y2={zeroY} />
      {ticks.map(({ x, hour }) => (
        <text key={hour} class="digits hour" x={x} y={height - 8} text-anchor="middle" font-size={DIGITS}>
          {hour}
          <tspan class="of-hour">{words.hourMark}</tspan>
        </text>
      ))}
      {before.length > 1 && <path class="before" d={beforePath} />}
      {today.length > 1 && <path class="today" d={todayPath} />}
      {today.map((one) => (
        <circle key={one.hour} class="today-dot" cx={one.x} cy={one.y} r={9} />
      ))}
      {running !== null && <circle class="running-dot" cx={running.x} cy={running.y} r={10} />}
      {peak !== null && (
        <text
          class="digits peak"
          x={within(peak.x, 190, width - 190)}
          y={within(peak.y - 26, DIGITS * 0.75, height)}
          text-anchor="middle"
          font-size={DIGITS}
        >
          {shortDong(peak.dong, words)}
        </text>
      )}
    </svg>
  )
}
