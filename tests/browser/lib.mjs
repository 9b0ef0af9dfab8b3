// Helpers of the browser journeys: a server of one's own, a browser, and what every page is held to.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const out = fileURLToPath(new URL('out/', import.meta.url))
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const DESK = { width: 1280, height: 900 }
export const PHONE = { width: 390, height: 844 }
const NARROW = { width: 320, height: 640 }
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
const READY_WITHIN_MS = 30000

// Why the journeys cannot run here, or false: give it to `test` as `skip`.
export function missing () {
  if (!process.env.VOUCHSAFE_BIN) return 'VOUCHSAFE_BIN is not set: it names the vouchsafe program to test'
  if (!existsSync(process.env.VOUCHSAFE_BIN)) return `VOUCHSAFE_BIN names no file: ${process.env.VOUCHSAFE_BIN}`
  if (!browserPath()) return 'no Chromium found: install it, or set CHROMIUM to the program'
  return false
}

function browserPath () {
  return [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path))
}

// A port that is free now. Another program could take it before the server does; the server then
// ends and the test says so.
async function freePort () {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

// Starts the program on a free port with an empty data folder and waits until it is ready.
// `args` and `env` are made from { port, data }. The answer has `url`, `data`, `said()` (all that the
// program wrote) and `stop()`.
export async function startServer ({ args, env = () => ({}), program = process.env.VOUCHSAFE_BIN, ready = '/readyz' }) {
  const port = await freePort()
  const data = await mkdtemp(join(tmpdir(), 'vouchsafe-browser-'))
  const at = { port, data, url: `http://127.0.0.1:${port}` }
  const child = spawn(program, args(at), { env: { ...process.env, ...env(at) }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let ended = false
  child.stdout.on('data', (chunk) => { said += chunk })
  child.stderr.on('data', (chunk) => { said += chunk })
  child.on('error', (error) => { said += error.message; ended = true })
  const end = new Promise((resolve) => child.on('exit', () => { ended = true; resolve() }))

  const stop = async () => {
    if (!ended) {
      child.kill('SIGTERM')
      await Promise.race([end, wait(5000).then(() => child.kill('SIGKILL'))])
    }
    await rm(data, { recursive: true, force: true })
  }
  const until = Date.now() + READY_WITHIN_MS
  while (!(await answers(at.url + ready))) {
    if (ended || Date.now() > until) {
      await stop()
      throw new Error(`the server did not become ready. It said:\n${said}`)
    }
    await wait(100)
  }
  return { ...at, said: () => said, stop }
}

async function answers (url) {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

export function startBrowser () {
  return chromium.launch({
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  })
}

// A page of its own session that remembers what goes wrong on it. `options` are those of the
// browser context, such as { javaScriptEnabled: false }.
export async function open (browser, baseURL, options = {}) {
  const context = await browser.newContext({ baseURL, viewport: DESK, locale: 'en-GB', timezoneId: 'Europe/London', ...options })
  context.setDefaultTimeout(30000)
  const page = await context.newPage()
  const troubles = []
  page.troubles = troubles
  page.on('console', (message) => {
    // A refused form answers 4xx, which the browser reports as an error of the page's own.
    if (message.type() === 'error' && !/Failed to load resource: .* 4\d\d/.test(message.text())) troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText
    if (why !== 'net::ERR_ABORTED') troubles.push(`request: ${request.url()} ${why}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document' && response.request().resourceType() !== 'fetch') troubles.push(`missing: ${response.url()} ${response.status()}`)
    if (response.status() >= 500) troubles.push(`server: ${response.url()} ${response.status()}`)
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(baseURL).origin) troubles.push(`goes elsewhere: ${request.url()}`)
  })
  return page
}

// Follows a one-time sign-in link, as the demonstration prints them.
export async function signIn (page, link) {
  const response = await page.goto(link)
  assert.ok(response.ok(), `the sign-in link answers ${response.status()}`)
  // The link may ask to be confirmed, so that a mail scanner does not use it up.
  const confirm = page.locator('main form button[type=submit]')
  if (new URL(page.url()).pathname === new URL(link, page.url()).pathname && await confirm.count() === 1) await confirm.click()
  assert.equal(await page.locator('.vs-account').count(), 1, 'nobody is signed in')
}

// Holds the page to what every page must be: no accessibility violation on a desk, on a telephone
// and in dark surroundings, nothing wider than 320 pixels, no error. Takes screenshots into out/.
export async function checkPage (page, name) {
  await mkdir(out, { recursive: true })
  const before = page.viewportSize()
  for (const [suffix, viewport, colorScheme] of [['desk', DESK, 'light'], ['desk-dark', DESK, 'dark'], ['phone', PHONE, 'light'], ['phone-dark', PHONE, 'dark']]) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(out, `${name}-${suffix}.png`), fullPage: true })
    // Two of the four show every colour and both widths; axe takes most of the time of a test.
    if (['desk', 'phone-dark'].includes(suffix)) await noViolations(page, `${name}, ${suffix}`)
  }
  await page.setViewportSize(NARROW)
  await page.emulateMedia({ colorScheme: 'light' })
  await noOverflow(page, name)
  await noViolations(page, `${name}, 320 pixels`)
  await page.setViewportSize(before ?? DESK)
  assert.deepEqual(page.troubles, [], `${name}: errors on the page`)
}

// The same for the many pages of a crawl: one look by axe, on the narrowest screen.
export async function checkQuickly (page, name) {
  await page.setViewportSize(NARROW)
  await noOverflow(page, name)
  await noViolations(page, `${name}, 320 pixels`)
  await page.setViewportSize(DESK)
  assert.deepEqual(page.troubles, [], `${name}: errors on the page`)
}

// A picture for the book, only when BOOK is set.
export async function shoot (page, name, height = 760) {
  if (!process.env.BOOK) return
  const before = page.viewportSize()
  await page.setViewportSize({ width: before.width, height: before.width > 600 ? height : 844 })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await mkdir(images, { recursive: true })
  await page.evaluate(() => window.scrollTo(0, 0))
  await page.screenshot({ path: join(images, `${name}.png`) })
  await page.setViewportSize(before)
}

async function noViolations (page, where) {
  await page.evaluate(`window.axe || (() => { ${axe}\n })()`)
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), AXE_TAGS)
  const told = found.violations.map(({ id, help, nodes }) =>
    `${id}: ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}  ${node.failureSummary.replace(/\s+/g, ' ')}`).join('\n')}`
  )
  assert.equal(told.length, 0, `${where}: axe found\n${told.join('\n')}`)
}

async function noOverflow (page, name) {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= limit) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > limit + 1 && !element.closest('.vs-table-scroll, .govuk-visually-hidden'))
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
      .concat(`${document.documentElement.scrollWidth} > ${limit}`)
  })
  assert.deepEqual(wide, [], `${name}: wider than 320 pixels`)
}
