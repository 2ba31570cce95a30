// On a phone a row of tabs or days scrolls sideways: bring the one of the page that is shown into sight, and say whether more follow.
// Without this script that tab stands first in its row (static/edition.css).
const AT_THE_END_PX = 4

const mark = (row) => {
  row.toggleAttribute('data-more', row.scrollWidth - row.clientWidth - Math.abs(row.scrollLeft) > AT_THE_END_PX)
}

const show = (row) => {
  const here = row.querySelector('[aria-current]')
  if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2
  mark(row)
}

const rows = [...document.querySelectorAll('.tabs, .days')]
for (const row of rows) row.addEventListener('scroll', () => mark(row), { passive: true })
const showAll = () => rows.forEach(show)
showAll()
addEventListener('resize', showAll)
void document.fonts.ready.then(showAll) // letters of another width move the tabs
