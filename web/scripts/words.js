// The words that the script says come with the page, in the reader's language.
let words

export function word (id, values = {}) {
  words ??= JSON.parse(document.body.dataset.words || '{}')
  return (words[id] ?? '').replace(/\[(\w+)\]/g, (all, name) => values[name] ?? all)
}

// The same in the form in which GOV.UK's components fill in numbers.
export function template (id) {
  return word(id).replace(/\[(\w+)\]/g, '%{$1}')
}
