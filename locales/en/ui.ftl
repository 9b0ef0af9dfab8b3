### Words of the page components. A word in [brackets] is filled in by the component or the script.

## The shell

ui-skip = Skip to main content
ui-menu = Menu
ui-account = Account of
ui-sign-out = Sign out
ui-breadcrumbs = Breadcrumb
ui-footer-help = Help for this page
ui-footer-accessibility = Accessibility statement
ui-footer-privacy = Privacy
ui-footer-contact = Contact us
ui-notice-important = Important
ui-notice-success = Success
ui-warning = Warning:
ui-contents = Contents

## Forms

ui-error-title = There is a problem
ui-error-prefix = Error:
ui-optional = (optional)
ui-select-none = Choose from the list
ui-day = Day
ui-month = Month
ui-year = Year
ui-address-line1 = Address line 1
ui-address-line2 = Address line 2
ui-address-town = Town or city
ui-address-postcode = Postcode or ZIP code
ui-characters-up-to = You can enter up to [count] characters.
ui-remove = Remove
ui-autosave-off = Your answers are kept when you select a button on this page.

## Lists

ui-filters = Filters
ui-pages = Pages
ui-page-first = First page
ui-page-previous = Previous page
ui-page-next = Next page

## Cases

ui-stages = Stages
ui-stage-here = You are here
ui-stage-done = (done)
ui-internal = Internal note
ui-question = Question
ui-changed = Changed
ui-likelihood = Likelihood
ui-impact = Impact

## The script

ui-js-saving = Saving…
ui-js-saved = Saved at [time]
ui-js-save-failed = Not saved yet. Check your connection. We try again by ourselves.
ui-js-save-conflict = Not saved: somebody else changed these answers. Your text is still on this page. Select the button below to see both versions.
ui-js-save-signed-out = Not saved: you are signed out. Keep this page open, sign in on another page, then come back.
ui-js-save-refused = Not saved: an answer needs your attention. Select the button below to see which.
ui-js-entry-added = [item] [number] added
ui-js-entry-removed = [item] [number] removed
ui-js-count-under-one = You have [count] character left
ui-js-count-under-other = You have [count] characters left
ui-js-count-at-limit = You have no characters left
ui-js-count-over-one = You have [count] character too many
ui-js-count-over-other = You have [count] characters too many
ui-js-password-show = Show
ui-js-password-hide = Hide
ui-js-password-show-label = Show password
ui-js-password-hide-label = Hide password
ui-js-password-shown = Your password is shown
ui-js-password-hidden = Your password is hidden
ui-js-box = [label] [number]
ui-js-search-none = Nothing found
ui-js-search-results = [count] found. [chosen]
ui-js-search-hint = Type to search. When results appear, use the up and down arrows to look through them and Enter to choose.
ui-search = Search
