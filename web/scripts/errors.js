// The error summary takes the focus when the page arrives, and its links go into the field, where
// the field is a group into its first box.
const FIELDS = 'input:not([type=hidden]), select, textarea, button'

export function errors (page) {
  const summary = page.querySelector('[data-errors]')
  if (!summary) return
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const target = link && page.getElementById(link.hash.slice(1))
    if (!target) return
    const field = target.matches(FIELDS) ? target : target.querySelector(FIELDS) ?? target
    event.preventDefault()
    const heading = field.closest('fieldset')?.querySelector('legend') ?? page.querySelector(`label[for="${field.id}"]`)
    ;(heading ?? field).scrollIntoView()
    field.focus({ preventScroll: true })
  })
}
