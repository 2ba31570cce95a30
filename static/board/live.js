// Keeps the organiser's live board up to date: asks for the same page again and puts in the parts that changed.
// Without this script the page is complete as it is; it says when it was looked at.
const EVERY_MS = 4_000
const TIMEOUT_MS = 8_000
const note = document.getElementById('live-note')
let timer = 0
let asking = false

const say = (name) => {
  note.hidden = false
  note.classList.toggle('lost', name !== 'running')
  if (note.textContent !== note.dataset[name]) note.textContent = note.dataset[name]
}

/** A picture is put in when it has been drawn, so that the plot never blinks. */
const ready = async (part) => {
  const picture = part.querySelector('img')
  if (picture) await picture.decode().catch(() => {}) // an old plot is better than none; the next round asks again
}

const takeOver = async (page) => {
  const parts = new Map([...page.querySelectorAll('[data-live]')].map((one) => [one.dataset.live, one]))
  for (const shown of document.querySelectorAll('[data-live]')) {
    const next = parts.get(shown.dataset.live)
    if (!next || next.outerHTML === shown.outerHTML) continue
    // Somebody stands on a link in here with the keyboard: it stays under their feet until they leave.
    if (shown.contains(document.activeElement)) continue
    const fresh = document.importNode(next, true)
    await ready(fresh)
    shown.replaceWith(fresh)
  }
}

const ask = async () => {
  asking = true
  try {
    const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (answer.redirected) {
      say('signedOut') // no further question: each would only lead to the sign-in page
      return
    }
    if (!answer.ok) throw new Error(String(answer.status))
    await takeOver(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    say('running')
  } catch {
    say('lost')
  } finally {
    asking = false
  }
  later()
}

const later = () => {
  clearTimeout(timer)
  if (!document.hidden) timer = setTimeout(ask, EVERY_MS)
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer)
  if (!document.hidden && !asking) void ask()
})
say('running')
later()
