/* A pad to sign on with a finger. Strokes are kept as a path of whole numbers in a box of 1000 × 400, whatever the screen. */

const WIDTH = 1000
const HEIGHT = 400
const MOST = 59000

for (const pad of document.querySelectorAll('[data-signature]')) start(pad)

function start(pad) {
  const canvas = pad.querySelector('canvas')
  const field = pad.querySelector('input[name=signature]')
  const drawn = pad.closest('form').querySelector('input[name=signed_how][value=drawn]')
  const pen = canvas.getContext('2d')
  let path = ''
  let last = null
  pad.hidden = false
  drawn.closest('label').hidden = false
  canvas.width = WIDTH
  canvas.height = HEIGHT
  pen.lineWidth = 7
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.strokeStyle = '#000'

  const at = (event) => {
    const box = canvas.getBoundingClientRect()
    const inside = (value, most) => Math.max(0, Math.min(most, Math.round(value)))
    return [
      inside(((event.clientX - box.left) * WIDTH) / box.width, WIDTH),
      inside(((event.clientY - box.top) * HEIGHT) / box.height, HEIGHT),
    ]
  }
  canvas.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    canvas.setPointerCapture(event.pointerId)
    last = at(event)
    path += `M${last[0]} ${last[1]}`
    drawn.checked = true
  })
  canvas.addEventListener('pointermove', (event) => {
    if (last === null || path.length > MOST) return
    const [x, y] = at(event)
    if (Math.abs(x - last[0]) + Math.abs(y - last[1]) < 3) return
    pen.beginPath()
    pen.moveTo(last[0], last[1])
    pen.lineTo(x, y)
    pen.stroke()
    last = [x, y]
    path += `L${x} ${y}`
  })
  const stop = () => {
    last = null
    field.value = path
  }
  canvas.addEventListener('pointerup', stop)
  canvas.addEventListener('pointercancel', stop)
  pad.querySelector('button').addEventListener('click', () => {
    path = ''
    field.value = ''
    pen.clearRect(0, 0, WIDTH, HEIGHT)
  })
}
