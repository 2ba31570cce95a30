// The phone's own list of where to send a link. Without it the address stands there to be copied.
for (const button of document.querySelectorAll('[data-share]')) {
  if (!navigator.share) continue
  button.hidden = false
  button.addEventListener('click', () => {
    navigator.share({ title: button.dataset.title, text: button.dataset.title, url: button.dataset.share }).catch((error) => {
      if (error.name !== 'AbortError') button.hidden = true // closing the list is no fault; anything else leaves the address to copy
    })
  })
}
