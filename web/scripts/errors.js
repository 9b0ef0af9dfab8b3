// The error summary takes the focus when the page arrives, and its links go into the field, where
// the field is a group into its first box. What hides a field that is to be mended opens.
const FIELDS = 'input:not([type=hidden]), select, textarea, button'

export function errors (page) {
  const summary = page.querySelector('[data-errors]')
  if (!summary) return
  const first = page.querySelector('.govuk-error-message')
  if (first) uncover(page, first)
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const target = link && page.getElementById(link.hash.slice(1))
    if (!target) return
    const field = target.matches(FIELDS) ? target : target.querySelector(FIELDS) ?? target
    event.preventDefault()
    uncover(page, field)
    const heading = field.closest('fieldset')?.querySelector('legend') ?? page.querySelector(`label[for="${field.id}"]`)
    ;(heading ?? field).scrollIntoView()
    field.focus({ preventScroll: true })
  })
}

// Opens the tab and the details in which an element lies.
function uncover (page, element) {
  const panel = element.closest('.govuk-tabs__panel--hidden')
  if (panel) page.querySelector(`.govuk-tabs__tab[href="#${panel.id}"]`)?.click()
  const details = element.closest('details')
  if (details) details.open = true
}
