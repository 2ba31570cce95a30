// One pen for all drawings: 24 × 24, round ends, no fill. An icon never stands without its word.
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  more: 'M5 7h14M5 12h14M5 17h14',
  list: 'M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h6',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5',
  close: 'M6 6l12 12M18 6L6 18',
  minus: 'M5 12h14',
  plus: 'M12 5v14M5 12h14',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  backspace: 'M8.5 5.5H20.5v13H8.5L3 12zM12 9.5l5 5M17 9.5l-5 5',
  check: 'M4.5 12.5l5 5 10-11',
  cloud_off: 'M4 4l16 16M8 9.5A4 4 0 0 0 7.5 17.500H16M10 6.300A5.500 5.500 0 0 1 17.400 11 3.300 3.300 0 0 1 19.500 16',
  sent: 'M7.500 18h9.300a3.700 3.700 0 0 0 .6-7.300A5.500 5.500 0 0 0 6.800 10 4 4 0 0 0 7.500 18zM9.300 13l2.200 2.200 3.600-4',
  wait: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3 2',
  stop: 'M12 3.500L21 19.500H3zM12 10v4M12 16.800v.2',
  basket: 'M3.500 9.500h17l-2 10h-13zM8 9.500l3-5.500M16 9.500l-3-5.500',
  cash: 'M3 7h18v10H3zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM6 12h.01M18 12h.01',
  transfer: 'M7 3.500h10v17H7zM10.500 17.500h3M9.500 8.500h5M12.500 6.500l2 2-2 2',
  print: 'M7 9V4h10v5M5 9h14v8h-2.500M7.500 17H5V9M7.500 14h9v6h-9z',
} as const

export type IconName = keyof typeof PATHS

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
