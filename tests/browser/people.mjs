// The people of the demonstration, each with a page of their own, and how a person fills in a form.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { open, signIn, startBrowser, startServer } from './lib.mjs'

// A demonstration of one's own, with these variables beside the usual ones. `links` has the sign-in link of each person by name.
export async function startDemo (env = {}) {
  const server = await startServer({ env: () => env, args: ({ port, data }) => ['demo', '--data', data, '--listen', `127.0.0.1:${port}`] })
  const links = Object.fromEntries([...server.said().matchAll(/^ {4}(\S+ \S+) .* http:\/\/[^/]+(\/sign-in\/demo\/\S+)$/gm)].map(([, name, link]) => [name, link]))
  assert.equal(Object.keys(links).length, 15, `the demonstration prints a link for each person. It said:\n${server.said()}`)
  return { ...server, links }
}

// A page on which this person is signed in.
export async function as (browser, demo, name, options = {}) {
  const page = await open(browser, demo.url, options)
  await signIn(page, demo.links[name])
  return page
}

// Visits of people of the demonstration that `where` gives, with its browser: each on a page of its own, closed as soon as it is done with, so that
// the browser stays small.
export const visits = (where) => async (name, what, options) => {
  const { browser, demo } = where()
  const page = await as(browser, demo, name, options)
  try {
    return await what(page)
  } finally {
    await page.context().close()
  }
}

// A demonstration and a browser for the tests of one group, started before them and stopped after. Of these, `by` visits as a person.
export function demonstration (env) {
  const here = {}
  before(async () => {
    here.demo = await startDemo(typeof env === 'function' ? await env() : env)
    here.browser = await startBrowser()
  })
  after(async () => {
    await here.browser?.close()
    await here.demo?.stop()
  })
  return { here, by: visits(() => here) }
}

export const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
// The same, up to where the page that answers has arrived: for what then goes on without looking at it.
// A page still on its way cannot be loaded once more.
export async function send (page, button) {
  const arrived = page.waitForEvent('load')
  await (typeof button === 'string' ? page.getByRole('button', { name: button, exact: true }) : button).click()
  await arrived
}
// A link, or a link that is drawn as a button.
export const follow = (page, name) => page.locator('main a').getByText(name, { exact: true }).or(page.locator('main').getByRole('button', { name, exact: true })).or(page.locator('main').getByRole('link', { name, exact: true })).first().click()
// The words of the paper that this button makes, and what it is named; the paper itself lies beside the pictures.
export async function paper (page, button, name) {
  const file = fileURLToPath(new URL(`out/${name}.pdf`, import.meta.url))
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  await download.saveAs(file)
  return { words: (await promisify(execFile)('pdftotext', ['-layout', file, '-'])).stdout, named: download.suggestedFilename() }
}
// A place of the navigation, out of its menu.
export async function through (page, menu, place) {
  const nav = page.locator('.vs-nav')
  await nav.locator('summary', { hasText: menu }).click()
  await nav.getByRole('link', { name: place, exact: true }).click()
}
export const main = (page) => page.locator('main').innerText()

// The path of the page that is shown.
export const path = (page) => new URL(page.url()).pathname

// Opens the proposal with this title from the list, as one finds it by searching.
export async function findProposal (page, title) {
  await page.goto('/proposals')
  await page.getByRole('searchbox').fill(title)
  await press(page, 'Search')
  await page.locator('main table a', { hasText: title }).click()
  await page.getByRole('heading', { level: 1 }).filter({ hasText: title }).waitFor()
  return path(page)
}

// The first match in a mail to this address, as soon as it lies in the folder of mails, and none of `known`.
export async function mailed (demo, to, wanted, known = []) {
  const folder = join(demo.data, 'mail')
  for (const until = Date.now() + 15000; Date.now() < until; await wait(200)) {
    for (const name of await readdir(folder).catch(() => [])) {
      const text = (await readFile(join(folder, name), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=')
      const found = text.includes(to) && wanted.exec(text)
      if (found && !known.includes(found[0])) return found[0]
    }
  }
  throw new Error(`no mail to ${to} has come`)
}

// Judges every factor alike, as an assessor goes from one to the next; ends on the page of all. `look` is called on the first.
export async function judgeAll (page, proposal, look = () => {}) {
  await page.goto(`${proposal}/risk`)
  await page.locator('main table a').first().click()
  let judged = 0
  while (/\/risk\/\w+$/.test(path(page))) {
    for (const [name, level] of [['inherent.likelihood', 3], ['inherent.impact', 3], ['residual.likelihood', 2], ['residual.impact', 2]]) await page.locator(`[name="${name}"][value="${level}"]`).check()
    await page.locator('summary', { hasText: 'Choose controls' }).click()
    await page.locator('[name=controls][value=allow_audit]').check()
    await page.locator('[name=why]').fill('As the answers say.')
    if (judged === 0) await look()
    const here = path(page)
    await Promise.all([page.waitForURL((url) => url.pathname !== here), press(page, 'Save and go to the next factor')])
    assert.ok(++judged < 40, 'the factors do not end')
  }
  return judged
}

// Fills in the questions that the page shows, from answers by question id, until no more appear.
export async function fillIn (page, given) {
  const done = new Set()
  for (let round = 0; round < 8; round++) {
    await addEntries(page, given)
    const shown = (await page.evaluate(shownQuestions)).filter(({ base }) => !done.has(base))
    if (shown.length === 0) return done
    for (const question of shown) {
      done.add(question.base)
      const [, group, number] = question.entry ? /^(.*)\.(\d+)$/.exec(question.entry) : []
      const answer = group ? given[group]?.[number - 1]?.[question.id] : given[question.id]
      if (answer !== undefined) await answerOne(page, question.base, answer)
    }
  }
  throw new Error(`questions keep appearing on ${page.url()}`)
}

// Runs in the page: the questions in view that have boxes of their own.
function shownQuestions () {
  return [...document.querySelectorAll('main form .vs-question[data-question]')]
    .filter((question) => !question.querySelector('vs-repeat') && question.checkVisibility())
    .map(({ dataset: { question: id, entry } }) => ({ id, entry, base: `q.${entry ? `${entry}.` : ''}${id}` }))
}

async function addEntries (page, given) {
  for (const group of await page.locator('vs-repeat:visible').all()) {
    const wanted = given[await group.getAttribute('data-group')]?.length ?? 0
    for (let has = await group.locator('fieldset[data-entry]').count(); has < wanted; has++) await group.locator('button[name=add]').click()
  }
}

async function answerOne (page, name, answer) {
  if (answer === true || answer === false) return choose(page, name, answer ? 'yes' : 'no')
  if (Array.isArray(answer)) {
    const boxes = page.locator(`[data-boxes]:has(input[name="${name}"])`)
    for (const [at, one] of answer.entries()) {
      if (await boxes.count() > 0) await typeInto(boxes.locator('[data-box]').nth(at).locator('input:visible').first(), one)
      else await choose(page, name, one)
    }
    return
  }
  if (typeof answer === 'object') {
    for (const [part, value] of Object.entries(answer)) await answerOne(page, `${name}.${part}`, value)
    return
  }
  if (/^\d{4}-\d\d-\d\d$/.test(answer)) return typeDay(page, name, answer)
  if (await page.locator(`input[type=radio][name="${name}"]`).count() > 0) return choose(page, name, answer)
  const select = page.locator(`select[name="${name}"]`)
  if (await select.count() > 0) return select.selectOption({ label: answer })
  // A box that offers a list keeps its value in a hidden field beside it.
  const box = page.locator(`[name="${name}"]`)
  if (await box.getAttribute('type') === 'hidden') return typeInto(page.locator(`[id="${(await box.getAttribute('id')).replace(/-value$/, '')}"]`), answer)
  await box.fill(String(answer))
}

// A day, as 2027-02-01, into its three boxes.
export async function typeDay (page, name, day) {
  const [year, month, date] = day.split('-')
  for (const [part, value] of [['day', date], ['month', month], ['year', year]]) await page.locator(`[name="${name}.${part}"]`).fill(String(Number(value)))
}

async function typeInto (box, text) {
  await box.fill(text)
  await box.press('Tab')
}

const choose = (page, name, value) => page.locator(`input[name="${name}"][value="${value}"]`).check()
