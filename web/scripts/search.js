// Long lists become a box that finds their options as one types.
import accessibleAutocomplete from 'accessible-autocomplete'
import { word } from './words.js'

export function search (scope) {
  offers(scope)
  for (const select of scope.querySelectorAll('select[data-search]')) {
    const { id } = select
    const described = select.getAttribute('aria-describedby')
    delete select.dataset.search
    accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      id,
      name: '',
      defaultValue: select.value ? select.selectedOptions[0].text : '',
      showAllValues: true,
      // Over what follows: a list that pushes it down moves it away from under the pointer when it closes.
      displayMenu: 'overlay',
      autoselect: false,
      confirmOnBlur: true,
      preserveNullOptions: false,
      inputClasses: select.classList.contains('govuk-select--error') ? 'govuk-input--error' : null,
      tNoResults: () => word('search-none'),
      tAssistiveHint: () => word('search-hint'),
      tStatusNoResults: () => word('search-none'),
      tStatusSelectedOption: (chosen) => chosen,
      tStatusResults: (count, chosen) => word('search-results', { count, chosen: chosen ?? '' }),
      onConfirm: (text) => choose(select, text)
    })
    const box = document.getElementById(id) ?? scope.querySelector(`#${id}`)
    if (described && box) box.setAttribute('aria-describedby', `${described} ${box.getAttribute('aria-describedby') ?? ''}`.trim())
    // An emptied box is no choice; the package would keep the last one.
    box?.addEventListener('blur', () => {
      if (box.value.trim() === '') choose(select, null)
    })
  }
}

// Boxes that offer a list but take other texts too. The box itself stays in the form, unseen, with what was typed or chosen.
function offers (scope) {
  for (const field of scope.querySelectorAll('input[list][data-search]')) {
    const options = [...(document.getElementById(field.getAttribute('list'))?.options ?? [])]
    if (options.length === 0) continue
    const names = options.map((option) => option.value)
    const { id } = field
    const place = document.createElement('div')
    field.before(place)
    field.dataset.list = field.getAttribute('list')
    field.removeAttribute('list')
    delete field.dataset.search
    field.type = 'hidden'
    field.id = `${id}-value`
    accessibleAutocomplete({
      element: place,
      id,
      name: '',
      source: (typed, found) => found(find(names, typed)),
      defaultValue: field.value,
      showAllValues: true,
      displayMenu: 'overlay',
      autoselect: false,
      confirmOnBlur: false,
      inputClasses: field.classList.contains('govuk-input--error') ? 'govuk-input--error' : null,
      tNoResults: () => word('search-none'),
      tAssistiveHint: () => word('search-hint'),
      tStatusNoResults: () => word('search-none'),
      tStatusSelectedOption: (chosen) => chosen,
      tStatusResults: (count, chosen) => word('search-results', { count, chosen: chosen ?? '' }),
      onConfirm: (text) => names.includes(text) && put(field, text)
    })
    const box = place.querySelector('input')
    const described = field.getAttribute('aria-describedby')
    if (described) box.setAttribute('aria-describedby', `${described} ${box.getAttribute('aria-describedby') ?? ''}`.trim())
    const label = field.getAttribute('aria-label')
    if (label) box.setAttribute('aria-label', label)
    box.addEventListener('input', () => put(field, box.value))
  }
}

// Names that begin so, then names that hold it.
function find (names, typed) {
  const wanted = typed.trim().toLowerCase()
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted))
  return [...new Set([...begins, ...names.filter((name) => name.toLowerCase().includes(wanted))])]
}

function put (field, text) {
  if (field.value === text) return
  field.value = text
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

// Takes the box away again, so that the list can be numbered anew and then enhanced again.
export function plain (scope) {
  for (const select of scope.querySelectorAll('select[id$="-select"]')) {
    const box = select.previousElementSibling
    if (!box?.querySelector('.autocomplete__wrapper')) continue
    box.remove()
    select.id = select.id.replace(/-select$/, '')
    select.style.display = ''
    select.dataset.search = ''
  }
  for (const field of scope.querySelectorAll('input[data-list]')) {
    field.previousElementSibling.remove()
    field.id = field.id.replace(/-value$/, '')
    field.type = 'text'
    field.setAttribute('list', field.dataset.list)
    delete field.dataset.list
    field.dataset.search = ''
  }
}

function choose (select, text) {
  if (text === undefined) return
  const option = text === null ? select.options[0] : [...select.options].find((one) => one.text === text)
  if (!option || select.value === option.value) return
  select.value = option.value
  select.dispatchEvent(new Event('change', { bubbles: true }))
}
