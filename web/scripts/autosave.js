// Saves a draft while one types: posts the form to its own address, asking for JSON, and says when
// it was saved. The server answers with `version`, which the next save sends, and `saved_at`.
import { word } from './words.js'

const AFTER_MS = 1500
const RETRY_MS = 10000

export function autosave (form) {
  const said = form.querySelector('[data-saved]')
  let timer = null
  let running = null
  let changed = false
  let stopped = false

  const say = (text, state) => {
    if (!said) return
    said.textContent = text
    said.dataset.saved = state
  }
  const later = (ms) => {
    clearTimeout(timer)
    timer = setTimeout(save, ms)
  }

  async function save (keepalive = false) {
    if (running || stopped || !changed) return
    changed = false
    say(word('saving'), 'saving')
    running = send(form, keepalive === true)
    const answer = await running
    running = null
    // What could be kept is kept even when an answer is refused: the next save builds on that.
    if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version
    if (answer.outcome === 'saved') {
      say(word('saved', { time: clock(answer.saved_at) }), 'saved')
      if (changed) later(AFTER_MS)
      return
    }
    changed = true
    stopped = answer.outcome === 'save-conflict'
    say(answer.message || word(answer.outcome), 'not')
    if (answer.outcome === 'save-failed') later(RETRY_MS)
  }

  const touch = () => {
    changed = true
    if (!running) later(AFTER_MS)
  }
  form.addEventListener('input', touch)
  form.addEventListener('change', touch)
  form.addEventListener('vs-entries', touch)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save(true)
  })

  // A save on its way would raise the version under the form's feet: wait for it, then send.
  form.addEventListener('submit', async (event) => {
    clearTimeout(timer)
    if (!running) {
      stopped = true
      return
    }
    event.preventDefault()
    stopped = true
    const submitter = event.submitter
    await running
    // The save's own ending, which stores the new version, runs first.
    setTimeout(() => form.requestSubmit(submitter), 0)
  })
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) stopped = false
  })
}

async function send (form, keepalive) {
  const data = new FormData(form)
  // The key that makes the form's own post harmless to repeat is kept for that post.
  data.delete('once')
  for (const [name, value] of [...data]) {
    if (value instanceof File) data.delete(name)
  }
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data)
  try {
    const response = await fetch(form.action, { method: 'POST', body, keepalive, redirect: 'manual', credentials: 'same-origin', headers: { Accept: 'application/json' } })
    return await understand(response)
  } catch {
    return { outcome: 'save-failed' }
  }
}

async function understand (response) {
  const { status } = response
  const json = await response.json().catch(() => ({}))
  if (response.ok) return { ...json, outcome: 'saved' }
  if (status === 409) return { outcome: 'save-conflict' }
  if (response.type === 'opaqueredirect' || status === 401 || status === 403) return { outcome: 'save-signed-out' }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { version: json.version, outcome: 'save-refused' }
  return { outcome: 'save-failed' }
}

function clock (iso) {
  const time = iso ? new Date(iso) : new Date()
  return new Intl.DateTimeFormat(document.documentElement.lang || 'en', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }).format(time)
}
