// Conditions of questions, as docs/packs.md describes them: true, false, or null for not known.

// The answer to a question that is not asked, which is known to be none.
export const NOT_ASKED = Symbol('not asked')

function same (a, b) {
  const plain = (v) => (v === true ? 'yes' : v === false ? 'no' : String(v))
  return plain(a) === plain(b)
}

const all = (values) => (values.includes(false) ? false : values.includes(null) ? null : true)
const negate = (value) => (value === null ? null : !value)

const COMPARE = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b
}

// Numbers by size, dates (written year-month-day) by their text.
function compare (op, answer, value) {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return COMPARE[op](String(answer), value)
  const number = Number(String(answer).replace(/[\s,]/g, ''))
  return Number.isNaN(number) ? null : COMPARE[op](number, Number(value))
}

// `answerOf(id)` gives the answer to a question: a text, a list of texts, null when unanswered, or
// NOT_ASKED.
export function evaluate (tree, answerOf) {
  if (tree.all) return all(tree.all.map((part) => evaluate(part, answerOf)))
  if (tree.any) return negate(all(tree.any.map((part) => negate(evaluate(part, answerOf)))))
  if (tree.not) return negate(evaluate(tree.not, answerOf))
  if (tree.answered) return ![null, NOT_ASKED].includes(answerOf(tree.answered))

  const leaf = tree.equals ?? tree.includes ?? tree.compare
  if (!leaf) return null
  const answer = answerOf(leaf.question)
  if (answer === NOT_ASKED) return false
  if (answer === null || (typeof leaf.value === 'boolean' && answer === 'unknown')) return null
  if (tree.includes) return [].concat(answer).some((one) => same(one, leaf.value))
  if (tree.equals) return Array.isArray(answer) ? answer.length === 1 && same(answer[0], leaf.value) : same(answer, leaf.value)
  return Array.isArray(answer) || !COMPARE[leaf.op] ? null : compare(leaf.op, answer, leaf.value)
}
