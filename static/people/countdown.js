// How long a one-time code is still good. Without this script the hour stands there; the server decides in any case.
const place = document.querySelector('[data-seconds]')
const ends = performance.now() + Number(place.dataset.seconds) * 1000
function show() {
  const left = Math.ceil((ends - performance.now()) / 1000)
  if (left <= 0) {
    place.textContent = place.dataset.ended
    document.querySelector('.code').hidden = true
    return
  }
  place.textContent = `${place.dataset.left} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  setTimeout(show, 1000)
}
show()
