// The one script of every page. Pages work without it; it only makes them quicker to use.
// It stands in the head so that nothing it will hide is drawn first; it starts when the page is read.
import { start } from './start.js'

const root = document.documentElement
if ('noModule' in HTMLScriptElement.prototype) {
  // GOV.UK's styles look for this class. Its usual place is an inline script, which the content
  // security policy forbids.
  root.classList.add('govuk-frontend-supported', 'vs-js')
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add('js-enabled', 'govuk-frontend-supported')
    try {
      start(document)
    } catch (error) {
      // Better everything shown than something hidden for good.
      root.classList.remove('vs-js')
      throw error
    }
  })
}
