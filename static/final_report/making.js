// Says that a file is being made, from the press until it is there: the report of a large fair takes ten seconds, and who sees nothing
// presses again. Without this script the same buttons bring the same files.
const form = document.querySelector('.report-form')
const status = document.getElementById('making')
let isMaking = false

/** «bao-cao.pdf» of `attachment; filename="bao-cao.pdf"`; empty when the answer is no file. */
const fileName = (answer) => /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? ''

const save = (file, name) => {
  const way = document.createElement('a')
  way.href = URL.createObjectURL(file)
  way.download = name
  way.click()
  setTimeout(() => URL.revokeObjectURL(way.href), 60_000)
}

/** Whether the file came. What else comes (busy, signed out, no network) the browser shows when it asks by itself. */
const fetched = async (button) => {
  try {
    const answer = await fetch(button.formAction, { method: 'POST', body: new FormData(form) })
    const name = fileName(answer)
    if (!answer.ok || !name) return false
    save(await answer.blob(), name)
    return true
  } catch {
    return false
  }
}

const make = async (button) => {
  const words = button.textContent
  isMaking = true
  button.textContent = button.dataset.making
  button.setAttribute('aria-busy', 'true')
  status.textContent = status.dataset.making
  const came = await fetched(button)
  button.textContent = words
  button.removeAttribute('aria-busy')
  status.textContent = came ? status.dataset.done : ''
  isMaking = false
  if (came) return
  form.action = button.formAction
  form.submit()
}

form.addEventListener('submit', (event) => {
  const button = event.submitter
  if (!button?.dataset.making) return
  event.preventDefault()
  if (!isMaking) void make(button)
})
