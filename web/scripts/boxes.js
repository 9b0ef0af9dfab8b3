// A question that takes several answers of a line each: when the last box is filled in, another one follows.
import { plain } from './search.js'
import { word } from './words.js'

export function boxes (page, enhance) {
  page.addEventListener('change', (event) => {
    const all = event.target.closest('[data-boxes]')
    const last = all?.lastElementChild
    if (!last?.contains(event.target) || event.target.value.trim() === '') return
    const next = last.cloneNode(true)
    plain(next)
    const box = next.querySelector('input')
    const number = all.querySelectorAll('[data-box]').length + 1
    box.value = ''
    box.removeAttribute('value')
    box.id = box.id.replace(/\d+$/, number)
    box.setAttribute('aria-label', word('box', { label: all.dataset.boxes, number }))
    all.append(next)
    enhance(next)
  })
}
