import { Button, CharacterCount, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink, Tabs, createAll } from 'govuk-frontend'
import { autosave } from './autosave.js'
import { boxes } from './boxes.js'
import { watchConditions } from './conditions.js'
import { errors } from './errors.js'
import { menus } from './menus.js'
import { defineRepeat } from './repeat.js'
import { search } from './search.js'
import { onceOnly } from './submit.js'
import { template, word } from './words.js'

// Everything that a part of a page needs; called again for parts that the script adds.
export function enhance (scope) {
  const count = {
    charactersUnderLimit: { one: template('count-under-one'), other: template('count-under-other') },
    charactersAtLimit: word('count-at-limit'),
    charactersOverLimit: { one: template('count-over-one'), other: template('count-over-other') }
  }
  const password = {
    showPassword: word('password-show'),
    hidePassword: word('password-hide'),
    showPasswordAriaLabel: word('password-show-label'),
    hidePasswordAriaLabel: word('password-hide-label'),
    passwordShownAnnouncement: word('password-shown'),
    passwordHiddenAnnouncement: word('password-hidden')
  }
  createAll(Button, {}, { scope })
  createAll(CharacterCount, { i18n: count }, { scope })
  createAll(PasswordInput, { i18n: password }, { scope })
  search(scope)
}

export function start (page) {
  enhance(page)
  createAll(NotificationBanner)
  createAll(ServiceNavigation)
  createAll(SkipLink)
  createAll(Tabs)
  errors(page)
  menus(page)
  boxes(page, enhance)
  for (const form of page.querySelectorAll('form')) {
    watchConditions(form)
    if ('autosave' in form.dataset) autosave(form)
  }
  defineRepeat(enhance)
  onceOnly(page)
}
