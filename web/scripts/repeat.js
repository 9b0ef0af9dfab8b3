// <vs-repeat>: adds and removes entries of a repeating group on the page. Without it the same
// buttons post the form, and the server answers with the page again.
import { plain } from './search.js'
import { word } from './words.js'

const ATTRIBUTES = ['id', 'name', 'for', 'href', 'value', 'data-entry', 'aria-describedby', 'aria-controls', 'aria-labelledby', 'list']

export function defineRepeat (enhance) {
  customElements.define('vs-repeat', class extends HTMLElement {
    connectedCallback () {
      this.addEventListener('click', (event) => {
        const button = event.target.closest('button[name=add], button[name=remove]')
        if (!button) return
        event.preventDefault()
        if (button.name === 'add') this.add()
        else this.remove_(button.closest('fieldset[data-entry]'))
      })
    }

    get list () { return this.querySelector('[data-entries]') }
    get entries () { return [...this.list.children] }

    add () {
      const number = this.entries.length + 1
      const entry = this.querySelector('template').content.firstElementChild.cloneNode(true)
      renumber(entry, this.dataset.group, '__n__', number)
      this.list.append(entry)
      enhance(entry)
      this.changed('entry-added', number)
      entry.querySelector('legend').focus()
    }

    remove_ (entry) {
      const number = this.entries.indexOf(entry) + 1
      entry.remove()
      this.entries.forEach((other, at) => {
        const old = other.dataset.entry.split('.').pop()
        if (old === String(at + 1)) return
        plain(other)
        renumber(other, this.dataset.group, old, at + 1)
        enhance(other)
      })
      this.changed('entry-removed', number)
      const next = this.entries[number - 1] ?? this.entries[number - 2]
      ;(next?.querySelector('legend') ?? this.querySelector('[role=group]')).focus()
    }

    changed (said, number) {
      const { length } = this.entries
      const { item, min, max } = this.dataset
      this.querySelector('button[name=add]').hidden = length >= Number(max)
      for (const button of this.list.querySelectorAll('button[name=remove]')) button.hidden = length <= Number(min)
      this.querySelector('[data-said]').textContent = word(said, { item, number })
      this.dispatchEvent(new Event('vs-entries', { bubbles: true }))
    }
  })
}

// Writes the number `now` for `old` wherever the entry's fields, ids and texts bear it.
function renumber (entry, group, old, now) {
  const bare = `${group}.${old}`
  const id = `q-${group}-${old}`
  const value = (text) => {
    if (text === bare) return `${group}.${now}`
    return text
      .split(' ')
      .map((part) => {
        for (const [was, is] of [[`q.${bare}`, `q.${group}.${now}`], [id, `q-${group}-${now}`], [`#${id}`, `#q-${group}-${now}`]]) {
          if (part === was || part.startsWith(`${was}.`) || part.startsWith(`${was}-`) || part.startsWith(`${was}_`)) return is + part.slice(was.length)
        }
        return part
      })
      .join(' ')
  }
  for (const element of [entry, ...entry.querySelectorAll('*')]) {
    for (const name of ATTRIBUTES) {
      // What a person typed is in the property of a box; only buttons' values are numbered.
      if (name === 'value' && element.tagName !== 'BUTTON') continue
      const text = element.getAttribute(name)
      if (text !== null) element.setAttribute(name, value(text))
    }
  }
  entry.querySelector('[data-number]').textContent = now
  const hidden = entry.querySelector(':scope > button[name=remove] > .govuk-visually-hidden')
  if (hidden) hidden.textContent = hidden.textContent.replace(/\S+$/, now)
}
