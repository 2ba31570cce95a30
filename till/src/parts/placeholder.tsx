// What stands where no photo is: the product group's line drawing and the initials, on a calm tint. Never a broken image.
const DRAWINGS: Record<string, { tint: number; path: string }> = {
  // a jar with a lid and a drop on its label
  thuc_pham: {
    tint: 2,
    path: 'M22 18h20v7H22zM20 25h24c4 4 5 8 5 12v11a6 6 0 0 1-6 6H21a6 6 0 0 1-6-6V37c0-4 1-8 5-12zM32 33c4 5 5 7 5 9a5 5 0 0 1-10 0c0-2 1-4 5-9z',
  },
  // a cup with steam and a tea leaf
  do_uong: {
    tint: 1,
    path: 'M14 30h32v10a14 14 0 0 1-14 14h-4a14 14 0 0 1-14-14zM46 33h4a6 6 0 0 1 0 12h-5M24 24c-3-4 3-6 0-10M34 24c-3-4 3-6 0-10M23 43c5-7 11-7 15-6-1 6-7 9-13 7z',
  },
  // a mortar with a sprig
  duoc_lieu: {
    tint: 6,
    path: 'M14 32h36c0 9-4 15-11 17v5H25v-5c-7-2-11-8-11-17zM36 32L50 14M24 32c-2-8 1-13 7-17 2 7 1 12-3 17M28 25l2-5',
  },
  // a woven cloth
  thu_cong_my_nghe: {
    tint: 4,
    path: 'M14 14h36v36H14zM14 26h36M14 38h36M20 20l3-3 3 3-3 3zM32 20l3-3 3 3-3 3zM41 20l3-3 3 3-3 3zM20 32l6-4 6 4-6 4zM32 32l6-4 6 4-6 4zM18 50v5M26 50v5M34 50v5M42 50v5',
  },
  // a plant in a pot
  sinh_vat_canh: {
    tint: 3,
    path: 'M20 40h24l-3 15H23zM32 40V22M32 30c-9 0-13-5-13-12 8 0 13 4 13 12zM32 26c0-8 4-13 12-13 0 8-4 13-12 13z',
  },
  // a stilt house before a hill
  du_lich: {
    tint: 5,
    path: 'M12 34l20-17 20 17M18 31v14h28V31M22 45v10M42 45v10M28 45V36h8v9M8 55h48M44 22c4-5 7-6 12-4',
  },
}
const BASKET = {
  tint: 3,
  path: 'M12 28h40l-5 25H17zM22 28l7-14M42 28l-7-14M24 35v11M32 35v11M40 35v11',
}

/** "Mật ong Pa Ủ" -> "MO" */
export const initials = (name: string): string =>
  name
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
    .slice(0, 2)
    .map((word) => [...word][0]!.toLocaleUpperCase('vi'))
    .join('')

export function Placeholder({ group, name }: { group: string; name: string }) {
  const { tint, path } = DRAWINGS[group] ?? DRAWINGS[group.replace(/^du_lich.*/, 'du_lich')] ?? BASKET
  return (
    <span class={`placeholder tint-${tint}`} aria-hidden="true">
      <svg viewBox="0 0 64 64" focusable="false">
        <path d={path} />
      </svg>
      <span class="initials">{initials(name)}</span>
    </span>
  )
}
