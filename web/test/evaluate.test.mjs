// Conditions: three values, as docs/packs.md describes them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluate, NOT_ASKED } from '../scripts/evaluate.js'

const answers = { country: 'IN', personal: 'yes', none: null, kinds: ['hosting', 'support'], people: '1,200', start: '2027-03-31', words: 'many', one: ['hosting'], hidden: NOT_ASKED, unsure: 'unknown' }
const answerOf = (id) => answers[id] ?? null
const T = { answered: 'country' }
const F = { answered: 'none' }
const U = { equals: { question: 'none', value: 'x' } }

const cases = [
  ['a text equals', { equals: { question: 'country', value: 'IN' } }, true],
  ['a text differs', { equals: { question: 'country', value: 'DE' } }, false],
  ['yes is true', { equals: { question: 'personal', value: true } }, true],
  ['yes is not false', { equals: { question: 'personal', value: false } }, false],
  ['an unanswered question is unknown', U, null],
  ['several are not one', { equals: { question: 'kinds', value: 'hosting' } }, false],
  ['a single tick equals', { equals: { question: 'one', value: 'hosting' } }, true],
  ['several include', { includes: { question: 'kinds', value: 'support' } }, true],
  ['several do not include', { includes: { question: 'kinds', value: 'access' } }, false],
  ['nothing includes is unknown', { includes: { question: 'none', value: 'access' } }, null],
  ['answered', T, true],
  ['not answered is known', F, false],
  ['a number with a separator', { compare: { question: 'people', op: 'gt', value: 1000 } }, true],
  ['gte at the edge', { compare: { question: 'people', op: 'gte', value: 1200 } }, true],
  ['lt at the edge', { compare: { question: 'people', op: 'lt', value: 1200 } }, false],
  ['lte at the edge', { compare: { question: 'people', op: 'lte', value: 1200 } }, true],
  ['a date', { compare: { question: 'start', op: 'lt', value: '2027-04-01' } }, true],
  ['no number is unknown', { compare: { question: 'words', op: 'gt', value: 1 } }, null],
  ['all true', { all: [T, T] }, true],
  ['all, one false beats unknown', { all: [U, F] }, false],
  ['all, unknown', { all: [T, U] }, null],
  ['all of nothing', { all: [] }, true],
  ['any, one true beats unknown', { any: [U, T] }, true],
  ['any, unknown', { any: [F, U] }, null],
  ['any, all false', { any: [F, F] }, false],
  ['any of nothing', { any: [] }, false],
  ['not unknown', { not: U }, null],
  ['not true', { not: T }, false],
  ['not asked is known not to equal', { equals: { question: 'hidden', value: 'x' } }, false],
  ['not asked is not answered', { answered: 'hidden' }, false],
  ['not asked, turned round', { not: { equals: { question: 'hidden', value: 'x' } } }, true],
  ['not known is neither yes', { equals: { question: 'unsure', value: true } }, null],
  ['nor no', { not: { equals: { question: 'unsure', value: false } } }, null],
  ['not known is itself', { equals: { question: 'unsure', value: 'unknown' } }, true],
  ['a key of later editions is unknown', { within: 'P1D' }, null]
]

for (const [name, tree, expected] of cases) {
  test(name, () => assert.equal(evaluate(tree, answerOf), expected))
}
