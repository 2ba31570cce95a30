// One pen for all drawings: 24 × 24, round ends, no fill. An icon never stands without its word.
const PATHS = {
  point: 'M20 12H4M10.5 5.5L4 12l6.5 6.5',
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
  cloud_off: 'M4 4l16 16M8 9.5A4 4 0 0 0 7.5 17.5H16M10 6.3A5.5 5.5 0 0 1 17.4 11 3.3 3.3 0 0 1 19.5 16',
  sent: 'M7.5 18h9.3a3.7 3.7 0 0 0 .6-7.3A5.5 5.5 0 0 0 6.8 10 4 4 0 0 0 7.5 18zM9.3 13l2.2 2.2 3.6-4',
  wait: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  stop: 'M12 3.5L21 19.5H3zM12 10v4M12 16.8v.2',
  basket: 'M3.5 9.5h17l-2 10h-13zM8 9.5l3-5.5M16 9.5l-3-5.5',
  cash: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 12h.01M18 12h.01',
  transfer: 'M7 3.5h10v17H7zM10.5 17.5h3M9.5 8.5h5M12.5 6.5l2 2-2 2',
  scale: 'M4 20h16M6 20V10.5h12V20M12 10.5V7M5 7h14M8.5 15.5a3.5 3.5 0 0 1 7 0M12 15.5l1.5-2',
  discount: 'M6 18L18 6M7.5 5.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM16.5 14.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  tag: 'M4 12.5V4h8.5L20 11.5 11.5 20zM8 7.9v.2',
  pen: 'M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3',
  gift: 'M4 9.5h16v3.5H4zM5.5 13v7.5h13V13M12 9.5v11M12 9.5C9 9.5 7 8.5 7 6.5 7 4 11 4 12 9.5zM12 9.5c3 0 5-1 5-3 0-2.5-4-2.5-5 3z',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8v8M11 8v8M13.5 8v8M16 8v8',
  card: 'M3 6h18v12H3zM3 10h18M6.5 14.5h4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0',
  drawer: 'M3 6h18v5H3zM4.5 11v8h15v-8M9.5 14.5h5',
  share: 'M12 15V4M8 7.5L12 3.5l4 4M5 12v8h14v-8',
  give_back: 'M9 7L4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 8h-3',
  print: 'M7 9V4h10v5M5 9h14v8h-2.5M7.5 17H5V9M7.5 14h9v6h-9z',
} as const

export type IconName = keyof typeof PATHS

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
