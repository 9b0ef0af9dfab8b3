// Long lists become a box that finds their options as one types.
import accessibleAutocomplete from 'accessible-autocomplete'
import { word } from './words.js'

export function search (scope) {
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
}

function choose (select, text) {
  if (text === undefined) return
  const option = text === null ? select.options[0] : [...select.options].find((one) => one.text === text)
  if (!option || select.value === option.value) return
  select.value = option.value
  select.dispatchEvent(new Event('change', { bubbles: true }))
}
