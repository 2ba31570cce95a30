/* Laying out the plan by mouse, finger and keyboard. The fields of the form are the plan: without this script they are filled in by
   hand, with it they are written here, and saving sends them either way. Lengths are whole decimetres. */

const GRID = 5
const STEP = 20 // with Shift
const USUAL = 30
/* drawing.NAME_DM and APART_DM */
const NAME = 25
const APART = 50
const MOST_NAMED = 8
const MOST_UNDO = 200

const form = document.getElementById('plan')
if (form) start()

function start() {
  const byId = id => document.getElementById(id)
  const svg = byId('ground')
  const words = form.dataset
  const booths = new Map()
  const undone = []
  let chosen = null
  let drag = null
  let saving = false

  // --- fields and drawing ---

  function read(text) {
    const found = /^\s*([-\u2212]?)(\d{1,4})(?:[.,](\d))?\s*$/.exec(text)
    return found ? (Number(found[2]) * 10 + Number(found[3] || 0)) * (found[1] ? -1 : 1) : null
  }
  const metres = length => String(length / 10).replace('.', ',')

  function parsed(texts) {
    const [x, y, w, h] = texts.map(read)
    return x === null || y === null ? null : { x, y, w: w || USUAL, h: h || USUAL }
  }
  const spotOf = id => parsed(booths.get(id).fields.map(field => field.value))
  const size = () => ({ w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height })

  function inside(spot) {
    const { w, h } = size()
    const width = Math.min(Math.max(spot.w, GRID), w)
    const height = Math.min(Math.max(spot.h, GRID), h)
    return { w: width, h: height, x: Math.min(Math.max(spot.x, 0), w - width), y: Math.min(Math.max(spot.y, 0), h - height) }
  }
  const snapped = length => Math.round(length / GRID) * GRID
  const touches = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

  function write(id, spot) {
    const values = spot ? [spot.x, spot.y, spot.w, spot.h].map(metres) : ['', '', '', '']
    booths.get(id).fields.forEach((field, at) => { field.value = values[at] })
  }

  function label(id, spot) {
    const { code, name } = booths.get(id)
    if (!spot) return filled(words.gone, { code })
    return filled(words.label, { code, name, x: metres(spot.x), y: metres(spot.y), w: metres(spot.w), h: metres(spot.h) })
  }

  function draw(id, spot) {
    const { group, code } = booths.get(id)
    if (!spot) return group.setAttribute('display', 'none')
    group.removeAttribute('display')
    group.setAttribute('transform', `translate(${spot.x} ${spot.y})`)
    group.setAttribute('aria-label', label(id, spot))
    const [rect, text] = [group.querySelector('rect'), group.querySelector('text')]
    rect.setAttribute('width', spot.w)
    rect.setAttribute('height', spot.h)
    text.setAttribute('x', spot.w / 2)
    text.setAttribute('y', spot.h / 2)
    text.setAttribute('font-size', Math.max(3, Math.min(spot.h * 0.42, spot.w * 1.3 / Math.max(code.length, 2), 12)))
  }

  const element = (name, attributes, text = '') => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.textContent = text
    return made
  }

  function drawAll() {
    const spots = [...booths.keys()].map(id => [id, spotOf(id)])
    for (const [id, spot] of spots) draw(id, spot)
    const placed = spots.filter(([, spot]) => spot)
    drawOverlaps(placed)
    drawZones(placed)
    listWaiting(spots.filter(([, spot]) => !spot).map(([id]) => id))
    showChosen()
  }

  function drawOverlaps(placed) {
    const pairs = []
    const shared = []
    placed.forEach(([id, a], at) => placed.slice(at + 1).forEach(([other, b]) => {
      if (!touches(a, b)) return
      pairs.push(`${booths.get(id).code} ${words.and} ${booths.get(other).code}`)
      const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)]
      const width = Math.min(a.x + a.w, b.x + b.w) - x
      shared.push(element('rect', { class: 'clash', x, y, width, height: Math.min(a.y + a.h, b.y + b.h) - y }))
    }))
    byId('shared').replaceChildren(...shared)
    byId('overlaps').hidden = pairs.length === 0
    const more = pairs.length - MOST_NAMED
    byId('pairs').textContent = pairs.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` ${filled(words.more, { more })}` : '')
  }

  /* As drawing.zone_names on the server: each place at which a zone stands is named, and no name is above the edge. */
  function drawZones(placed) {
    const zones = new Map()
    for (const [id, spot] of placed) {
      const { zone } = booths.get(id)
      if (zone) zones.set(zone, [...(zones.get(zone) || []), spot])
    }
    const first = (one, other) => one.y - other.y || one.x - other.x
    const names = [...zones].flatMap(([zone, spots]) => placesOf(spots).map(place => [zone, place.sort(first)[0]]))
    byId('zone-names').replaceChildren(...names.map(([zone, { x, y }]) =>
      element('text', { class: 'zone-name', x, y: Math.max(y, NAME) - 7, 'font-size': 14 }, zone)))
  }

  function placesOf(spots) {
    const apart = (a, b) => Math.max(a.x - b.x - b.w, b.x - a.x - a.w, a.y - b.y - b.h, b.y - a.y - a.h)
    const [left, found] = [new Set(spots), []]
    for (const start of spots) {
      if (!left.delete(start)) continue
      const place = [start]
      for (const one of place)
        for (const other of left) if (apart(one, other) < APART) { left.delete(other); place.push(other) }
      found.push(place)
    }
    return found
  }

  function listWaiting(ids) {
    byId('waiting-count').textContent = ids.length
    byId('all-placed').hidden = ids.length > 0
    byId('how-to-place').hidden = ids.length === 0
    byId('waiting').replaceChildren(...ids.map(id => {
      const [item, button] = [document.createElement('li'), document.createElement('button')]
      button.type = 'button'
      button.textContent = booths.get(id).code
      button.title = booths.get(id).name
      button.addEventListener('click', () => place(id))
      item.append(button)
      return item
    }))
  }

  // --- changing, and taking it back ---

  function change(id, spot, { quiet = false } = {}) {
    const texts = booths.get(id).fields.map(field => field.value)
    write(id, spot)
    if (booths.get(id).fields.every((field, at) => field.value === texts[at])) return draw(id, spot)
    remember([[id, texts]])
    drawAll()
    if (!quiet) byId('say').textContent = label(id, spot)
  }

  function remember(step) {
    undone.push(step)
    if (undone.length > MOST_UNDO) undone.shift()
    changed()
  }

  function changed() {
    byId('undo').disabled = undone.length === 0
    byId('unsaved').hidden = undone.length === 0 && words.dirty !== 'yes'
  }

  function undo() {
    const step = undone.pop()
    if (!step) return
    for (const [id, texts] of step) booths.get(id).fields.forEach((field, at) => { field.value = texts[at] })
    changed()
    drawAll()
    const [id] = step[0]
    byId('say').textContent = label(id, spotOf(id))
  }

  /* Beside a booth of the same zone, else the first free place from the top: a booth put down never covers another. */
  function place(id) {
    const placed = [...booths.keys()].map(one => [one, spotOf(one)]).filter(([, spot]) => spot)
    const free = spot => ['x', 'y'].every(key => inside(spot)[key] === spot[key]) && !placed.some(([, other]) => touches(spot, other))
    const near = placed.filter(([one]) => booths.get(one).zone === booths.get(id).zone).reverse()
    let found = near.flatMap(([, { x, y, w, h }]) =>
      [{ x: x + w, y, w, h }, { x: x - w, y, w, h }, { x, y: y + h, w, h }, { x, y: y - h, w, h }]).find(free)
    const { w, h } = size()
    for (let y = 4 * GRID; !found && y <= h - USUAL; y += GRID)
      for (let x = 4 * GRID; !found && x <= w - USUAL; x += GRID)
        if (free({ x, y, w: USUAL, h: USUAL })) found = { x, y, w: USUAL, h: USUAL }
    change(id, inside(found || { x: 0, y: 0, w: USUAL, h: USUAL }))
    choose(id, { focus: true })
  }

  // --- choosing ---

  function choose(id, { focus = false } = {}) {
    if (chosen) booths.get(chosen).group.classList.remove('chosen')
    chosen = id
    for (const [one, { group }] of booths) group.setAttribute('tabindex', one === id ? 0 : -1)
    if (id) booths.get(id).group.classList.add('chosen')
    showChosen()
    if (!id || !focus) return
    booths.get(id).group.focus({ preventScroll: true })
    booths.get(id).group.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  function showChosen() {
    const spot = chosen && spotOf(chosen)
    byId('chosen').hidden = !spot
    if (!spot) return
    byId('chosen-name').textContent = `${booths.get(chosen).code} · ${booths.get(chosen).name}`
    for (const side of ['x', 'y', 'w', 'h'])
      if (document.activeElement !== byId(`side-${side}`)) byId(`side-${side}`).value = metres(spot[side])
  }

  function step(id, key, { large = false, resize = false } = {}) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key]
    const spot = spotOf(id)
    if (!direction || !spot) return false
    const [dx, dy] = direction.map(one => one * (large ? STEP : GRID))
    change(id, inside(resize ? { ...spot, w: spot.w + dx, h: spot.h + dy } : { ...spot, x: spot.x + dx, y: spot.y + dy }))
    return true
  }

  function neighbour(id, by) {
    const placed = [...booths.keys()].filter(one => spotOf(one))
    return placed[(placed.indexOf(id) + by + placed.length) % placed.length]
  }

  // --- mouse and finger ---

  function point(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
    return { x: at.x, y: at.y }
  }

  svg.addEventListener('pointerdown', event => {
    const id = event.target.closest('.booth')?.dataset.booth
    if (!id || event.button !== 0) return
    // A finger first chooses and then drags: a plan full of booths must still scroll under it.
    const mayDrag = event.pointerType === 'mouse' || id === chosen
    svg.insertBefore(booths.get(id).group, byId('shared')) // what is held lies above the others
    choose(id, { focus: true })
    if (!mayDrag) return
    const spot = spotOf(id)
    drag = { id, spot, from: point(event), at: spot }
    booths.get(id).group.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  svg.addEventListener('pointermove', event => {
    if (!drag) return
    const to = point(event)
    const { spot, from } = drag
    drag.at = inside({ ...spot, x: snapped(spot.x + to.x - from.x), y: snapped(spot.y + to.y - from.y) })
    draw(drag.id, drag.at)
  })
  svg.addEventListener('pointerup', () => {
    if (!drag) return
    const { id, spot, at } = drag
    drag = null
    if (at.x !== spot.x || at.y !== spot.y) change(id, at)
  })
  svg.addEventListener('dragstart', event => event.preventDefault())
  svg.addEventListener('pointercancel', () => {
    if (drag) draw(drag.id, drag.spot)
    drag = null
  })

  // --- keyboard, buttons, fields ---

  svg.addEventListener('keydown', event => {
    const id = event.target.closest('.booth')?.dataset.booth
    if (!id || event.altKey) return
    if (step(id, event.key, { large: event.shiftKey, resize: event.ctrlKey || event.metaKey })) return event.preventDefault()
    if (event.key === 'PageDown' || event.key === 'PageUp') choose(neighbour(id, event.key === 'PageDown' ? 1 : -1), { focus: true })
    else if (event.key === 'Delete') takeOff(id)
    else return
    event.preventDefault()
  })
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || event.target.matches('input, select')) return
    event.preventDefault()
    undo()
  })

  function takeOff(id) {
    change(id, null)
    choose(null)
    byId('find').focus()
  }

  byId('undo').addEventListener('click', undo)
  byId('take-off').addEventListener('click', () => takeOff(chosen))
  for (const button of document.querySelectorAll('.arrows button')) button.addEventListener('click', () => step(chosen, button.dataset.key))
  for (const side of ['x', 'y', 'w', 'h'])
    byId(`side-${side}`).addEventListener('change', event => {
      const length = read(event.target.value)
      if (length !== null) change(chosen, inside({ ...spotOf(chosen), [side]: length }))
      event.target.value = metres(spotOf(chosen)[side])
    })
  byId('find').addEventListener('change', event => {
    const id = event.target.value
    if (id && spotOf(id)) choose(id, { focus: true })
    else if (id) place(id)
  })
  for (const name of ['width', 'height'])
    form.elements[name].addEventListener('change', event => {
      const length = read(event.target.value)
      if (length === null || length < 100 || length > 10000) return
      words.dirty = 'yes'
      changed()
      svg.viewBox.baseVal[name] = length
      for (const part of svg.querySelectorAll('.floor, .mesh')) part.setAttribute(name, length)
      svg.setAttribute(name, length * 1.2)
    })

  // A field of Enter belongs to the plan, not to the form: saving by mistake is no way to leave a field.
  byId('chosen').addEventListener('keydown', event => { if (event.key === 'Enter' && event.target.matches('input')) { event.preventDefault(); event.target.blur() } })

  form.addEventListener('submit', () => { saving = true })
  addEventListener('beforeunload', event => { if (!saving && (undone.length > 0 || words.dirty === 'yes')) event.preventDefault() })

  // --- what the server sent ---

  const laidOut = []
  for (const row of form.querySelectorAll('tr[data-booth]')) {
    const { booth: id, code, name, zone, before } = row.dataset
    const group = svg.querySelector(`.booth[data-booth="${CSS.escape(id)}"]`)
    const fields = [...row.querySelectorAll('input')]
    booths.set(id, { code, name, zone, group, fields })
    group.setAttribute('role', 'button')
    for (const field of fields) {
      field.addEventListener('focus', () => { field.dataset.old = field.value })
      field.addEventListener('change', () => {
        remember([[id, fields.map(one => (one === field ? field.dataset.old : one.value))]])
        drawAll()
      })
    }
    if (before !== undefined && before !== fields.map(field => field.value).join(';')) laidOut.push([id, before.split(';')])
  }
  if (laidOut.length) undone.push(laidOut) // «Xếp tự động» is one step, taken back like any other
  for (const id of ['undo', 'pick']) byId(id).hidden = false
  svg.classList.add('movable')
  drawAll()
  changed()
  const first = [...booths.keys()].find(id => spotOf(id))
  if (first) booths.get(first).group.setAttribute('tabindex', 0)
  for (const [id, { group }] of booths) if (id !== first) group.setAttribute('tabindex', -1)
}
