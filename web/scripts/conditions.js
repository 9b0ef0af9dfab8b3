// Shows a question when its condition holds and hides it when it does not or is not known yet.
// Hidden answers stay in the form, so that changing one's mind loses nothing; the server decides
// which of them count.
import { evaluate, NOT_ASKED } from './evaluate.js'

export function watchConditions (form) {
  if (!form.querySelector('[data-when]') && !form.querySelector('vs-repeat')) return
  const elsewhere = JSON.parse(form.dataset.answers || '{}')
  const refresh = () => settle(form, elsewhere)
  form.addEventListener('input', refresh)
  form.addEventListener('change', refresh)
  form.addEventListener('vs-entries', refresh)
  refresh()
}

// A hidden question may hide others: goes on until nothing changes.
// Packs with circles of conditions are refused; the limit only guards against a faulty page.
function settle (form, elsewhere) {
  const questions = [...form.querySelectorAll('[data-when]')]
  for (let round = 0; round <= questions.length; round++) {
    let changed = false
    for (const question of questions) {
      const entry = question.dataset.entry ?? null
      const truth = evaluate(JSON.parse(question.dataset.when), (id) => answerOf(form, elsewhere, entry, id))
      if (question.hidden !== (truth !== true) || question.dataset.settled !== String(truth)) changed = true
      question.hidden = truth !== true
      // Hidden for good, so that what depends on it knows; or only not known yet.
      question.dataset.settled = String(truth)
    }
    if (!changed) return
  }
}

function answerOf (form, elsewhere, entry, id) {
  const controls = [...form.elements].filter((control) => control.name?.startsWith('q.') && !control.closest('[data-when][hidden]'))
  const own = entry && read(controls, `q.${entry}.${id}`)
  if (own?.found) return own.value
  const top = read(controls, `q.${id}`)
  if (top.found) return top.value
  const inEntries = readEntries(form, controls, id)
  if (inEntries.length > 0) return inEntries
  const known = elsewhere[id]
  if (known?.asked === false || ruledOut(form, entry, id)) return NOT_ASKED
  return known === undefined || known === null || known === '' || known?.length === 0 ? null : known
}

// Whether a question of this page is known not to be asked, alone or with its group.
function ruledOut (form, entry, id) {
  const all = [...form.querySelectorAll(`[data-question="${CSS.escape(id)}"]`)]
  const own = all.filter((question) => question.dataset.entry === entry)
  const at = own.length > 0 ? own : all
  return at.length > 0 && at.every((question) => question.closest('[data-settled=false]'))
}

// The answers to one question in all entries of its group, from outside the group.
function readEntries (form, controls, id) {
  const names = new Set()
  for (const control of controls) {
    const entry = control.closest('[data-entry]')?.dataset.entry
    const name = `q.${entry}.${id}`
    if (entry && (control.name === name || control.name.startsWith(`${name}.`))) names.add(name)
  }
  return [...names].flatMap((name) => read(controls, name).value ?? [])
}

function read (controls, name) {
  const exact = controls.filter((control) => control.name === name)
  if (exact.length > 0) return { found: true, value: readExact(exact) }
  const parts = controls.filter((control) => control.name.startsWith(`${name}.`) && !/^\d+\./.test(control.name.slice(name.length + 1)))
  if (parts.length === 0) return { found: false, value: null }
  const of = Object.fromEntries(parts.map((control) => [control.name.slice(name.length + 1), control.value.trim()]))
  if ('day' in of && 'month' in of && 'year' in of) {
    const whole = of.day && of.month && of.year
    return { found: true, value: whole ? `${of.year.padStart(4, '0')}-${of.month.padStart(2, '0')}-${of.day.padStart(2, '0')}` : null }
  }
  // Conditions look at minor units, as a pack writes them.
  if ('amount' in of) return { found: true, value: of.amount ? String(Math.round(Number(of.amount.replace(/[\s,]/g, '')) * 100)) : null }
  const text = Object.values(of).filter(Boolean).join(', ')
  return { found: true, value: text || null }
}

// Of a country, the code that its name stands for.
function code (control) {
  const typed = control.value.trim()
  const offered = control.dataset.list && document.getElementById(control.dataset.list)
  return [...(offered?.options ?? [])].find((option) => option.value === typed)?.text ?? typed
}

function readExact (controls) {
  const [first] = controls
  if (first.dataset.list) {
    const several = controls.map(code).filter(Boolean)
    return first.closest('[data-boxes]') ? (several.length > 0 ? several : null) : several[0] ?? null
  }
  if (first.type === 'radio') return controls.find((control) => control.checked)?.value ?? null
  if (first.type === 'checkbox') {
    const ticked = controls.filter((control) => control.checked).map((control) => control.value)
    return ticked.length > 0 ? ticked : null
  }
  if (first.type === 'select-multiple') {
    const chosen = [...first.selectedOptions].map((option) => option.value)
    return chosen.length > 0 ? chosen : null
  }
  return first.value.trim() || null
}
