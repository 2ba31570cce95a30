/* Renews the plan without loading the page again. Only what changed is put in, and never under a finger that is just pressing. */

const live = document.getElementById('live')
if (live) {
  let pressing = false
  addEventListener('pointerdown', () => { pressing = true })
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => { setTimeout(() => { pressing = false }, 300) })

  const parsed = text => new DOMParser().parseFromString(text, 'text/html')

  /* The frame keeps its place and the focus its booth: who looks at the far corner goes on looking at it. */
  function putIn(fresh) {
    const old = document.getElementById('figures-of-plan')
    if (old.innerHTML === fresh.innerHTML) return
    const frame = old.querySelector('.plan-frame')
    const place = frame && [frame.scrollLeft, frame.scrollTop]
    const focused = old.contains(document.activeElement) ? document.activeElement : null
    const inFrame = focused === frame
    const id = focused?.id
    old.replaceWith(document.adoptNode(fresh))
    const frameNow = fresh.querySelector('.plan-frame')
    if (frameNow && place) [frameNow.scrollLeft, frameNow.scrollTop] = place
    if (inFrame) frameNow?.focus({ preventScroll: true })
    else if (id) document.getElementById(id)?.focus({ preventScroll: true })
  }

  async function renew() {
    if (document.hidden || pressing) return
    const seen = document.getElementById('seen')
    try {
      const answer = await fetch(live.dataset.src, { headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(20000) })
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status))
      const page = parsed(await answer.text())
      if (pressing) return
      putIn(page.getElementById('figures-of-plan'))
      seen.replaceWith(document.adoptNode(page.getElementById('seen')))
    } catch (error) {
      if (seen.classList.contains('lost')) return
      // Old numbers that look new are worse than none: it says so until the server answers again.
      seen.className = 'notice error seen lost'
      seen.setAttribute('role', 'alert')
      seen.textContent = live.dataset.lost.replace('{at}', seen.dataset.at)
    }
  }

  const every = Number(live.dataset.seconds) * 1000
  async function round() {
    await renew()
    setTimeout(round, every)
  }
  setTimeout(round, every)
  document.addEventListener('visibilitychange', renew)
}
