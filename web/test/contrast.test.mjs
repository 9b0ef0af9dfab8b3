// The brand may change; legibility may not. WCAG 2.2: 4.5 to 1 for text, 3 to 1 for marks and edges.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const { css } = sass.compile(fileURLToPath(new URL('../styles/_colours.scss', import.meta.url)))
const blocks = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, body]) => Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\b/g)].map(([, name, value]) => [name, value])))
const light = blocks[0]
const schemes = { light, dark: { ...light, ...blocks[1] } }

const TONES = ['grey', 'blue', 'teal', 'green', 'yellow', 'orange', 'red', 'purple']
const SURFACES = ['govuk-body-background-colour', 'vs-tint', 'vs-raised', 'vs-field']
const TEXTS = ['govuk-text-colour', 'govuk-secondary-text-colour', 'govuk-link-colour', 'govuk-link-visited-colour', 'govuk-link-hover-colour', 'govuk-error-colour', 'govuk-success-colour']

const pairs = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface, 4.5])),
  ...TONES.flatMap((tone) => [[`vs-${tone}-text`, `vs-${tone}-back`, 4.5], [`vs-${tone}-edge`, 'vs-raised', 3], [`vs-${tone}-edge`, 'govuk-body-background-colour', 3]]),
  ['vs-on-brand', 'vs-brand', 4.5],
  ['vs-on-brand-quiet', 'vs-brand', 4.5],
  ...['vs-action', 'vs-warning', 'vs-warning-hover', 'vs-success-panel'].map((back) => ['vs-on-brand', back, 4.5]),
  ['vs-on-brand', 'vs-action-hover', 4.5],
  ['govuk-text-colour', 'vs-quiet-button', 4.5],
  ['govuk-text-colour', 'vs-quiet-button-hover', 4.5],
  ['govuk-focus-text-colour', 'govuk-focus-colour', 4.5],
  ['govuk-text-colour', 'vs-blue-back', 4.5],
  ['govuk-text-colour', 'vs-green-back', 4.5],
  ...SURFACES.flatMap((surface) => [['govuk-input-border-colour', surface, 3], ['govuk-brand-colour', surface, 3]])
]

function luminance (hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((d) => d + d) : hex.slice(1).match(/../g)
  const [r, g, b] = digits.map((pair) => parseInt(pair, 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast (a, b) {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright + 0.05) / (dark + 0.05)
}

for (const [scheme, colours] of Object.entries(schemes)) {
  for (const [front, back, least] of pairs) {
    test(`${front} on ${back}, ${scheme}`, () => {
      assert.ok(colours[front] && colours[back], 'both colours are set')
      const found = contrast(colours[front], colours[back])
      assert.ok(found >= least, `${found.toFixed(2)} to 1 is less than ${least}`)
    })
  }
}
