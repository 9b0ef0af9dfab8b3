// A form is sent once: a second press while the answer is on its way does nothing.
const AGAIN_AFTER_MS = 8000

export function onceOnly (page) {
  page.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    const form = event.target
    if (form.dataset.sent) {
      event.preventDefault()
      return
    }
    form.dataset.sent = 'yes'
    event.submitter?.setAttribute('aria-disabled', 'true')
    // A form that answers with a download leaves the page standing.
    setTimeout(() => release(form), AGAIN_AFTER_MS)
  })
  // The browser shows the page again as it was left.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) page.querySelectorAll('form[data-sent]').forEach(release)
  })
}

function release (form) {
  delete form.dataset.sent
  for (const button of form.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled')
}
