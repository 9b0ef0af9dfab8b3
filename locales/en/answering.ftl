# Answering forms: sections, drafts, checking, submission.

answering-save = Save and continue
answering-add = Add another { $item }
answering-sensitive = We store this answer encrypted.
answering-limit-words = { $most ->
    [one] At most one word.
   *[other] At most { $most } words.
}
answering-limit-least = Choose at least { $least }.
answering-limit-choices = { $most ->
    [one] Choose one at most.
   *[other] Choose { $most } at most.
}
answering-limit-formats = Files that end in { $formats }.
answering-limit-mib = A file may have { $mib } MiB.
answering-sealed = Sealed
answering-sealed-kept = This is answered already, and sealed. Leave it empty to keep what stands there.
answering-file-by-asker = Files are added by whoever asked you. Send the file to them.
answering-show = Show
answering-shown = You asked for this answer. That is recorded in the history.
answering-yes = Yes
answering-no = No
answering-unknown = Not known
answering-not-listed = No longer on the list
answering-countries = Enter one country in each box. To get more boxes, fill these in and save.
answering-country = Country
answering-country-number = Country { $number }

## Parts of an answer

answering-money-amount = Amount
answering-money-amount-hint = For example 1250 or 1,250.50.
answering-money-currency = Currency
answering-money-currency-hint = Three letters, such as GBP.
answering-period-from = First day
answering-period-to = Last day
answering-moment-date = Date
answering-moment-time = Time
answering-moment-time-hint = 24-hour clock, such as 14:30; leave empty if it is not known.
answering-address-lines = Building and street
answering-address-town = Town or city
answering-address-postcode = Postcode or ZIP code
answering-address-country = Country
answering-contact-name = Name
answering-contact-role = Role
answering-contact-organisation = Organisation
answering-contact-email = E-mail address
answering-contact-telephone = Telephone number
answering-contact-telephone-hint = With the country code, such as +44 20 7946 0000.
answering-contact-address = Postal address at work
answering-contact-responsibility = What this person is responsible for
answering-file-upload = Choose a file
answering-file-another = Choose another file in its place
answering-file-gone = A file that was taken back
answering-file-instead = It cannot be uploaded
answering-file-digest = SHA-256 { $digest }
answering-file-note = Describe the document
answering-file-note-hint = What it is and what it shows.
answering-file-reference = Where we can find it
answering-file-reference-hint = Its reference, its address, or who holds it.
answering-file-date = Date of the document

## When a question is asked

answering-when = Answer this if { $condition }.
answering-when-is = “{ $question }” is { $value }
answering-when-is-not = “{ $question }” is not { $value }
answering-when-answered = you answered “{ $question }”
answering-when-unanswered = you did not answer “{ $question }”
answering-when-more = “{ $question }” is more than { $value }
answering-when-least = “{ $question }” is { $value } or more
answering-when-less = “{ $question }” is less than { $value }
answering-when-most = “{ $question }” is { $value } or less
answering-when-not = this does not hold: { $condition }
answering-when-and = { $a } and { $b }
answering-when-or = { $a } or { $b }
answering-quoted = “{ $text }”

## Progress

answering-status-carried = To confirm
answering-status-not-needed = Not needed
answering-status-cannot-start = Cannot start yet
answering-status-not-started = Not started
answering-status-in-progress = In progress
answering-status-done = Completed
answering-status-wrong = { $count ->
    [one] { $count } answer to correct
   *[other] { $count } answers to correct
}
answering-waits-for = Depends on your answers in “{ $section }”.

## Checking and reading

answering-change = Change
answering-unanswered = Not answered
answering-not-asked = Not asked
answering-no-entry = No such entry
answering-entry = { $item } { $number }: { $question }
answering-period = { $from } to { $to }
answering-moment = { $date }, { $time }
answering-moment-no-time = { $date }, time not known
answering-file-at = Where to find it: { $reference }
answering-file-of = Dated { $date }
answering-no-changes = No answer has changed.
answering-not-ready = You cannot submit yet

## Two people at once

answering-stale = Somebody else changed these answers while you were writing. Nothing of yours is lost: choose which version to keep.
answering-clash-title = Somebody else changed these answers
answering-clash = { $who } saved this section on { $when }, after you opened it. Choose which answers to keep. The others stay as saved.
answering-somebody = Somebody else
answering-mine = Your answer
answering-theirs = The saved answer
answering-keep = Which answer do you keep?
answering-keep-mine = Mine
answering-keep-theirs = The saved one
answering-keep-button = Keep these answers

# The list of sections, and a section.
answering-answers = Answers
answering-sections-done = { $done } of { $all } sections are done.
answering-saved-as-you-go = Your answers are saved. You can leave and come back.
answering-check = Check your answers
answering-save-list = Save and go to the list
answering-back-to-list = All sections
answering-file-question = For the question: { $title }
answering-answers-of = Round { $round }, submitted on { $date }.
answering-see-changes = See what changed since the round before
answering-changes = What changed
answering-round = Round { $round }
answering-digest = Fingerprint of the document: { $digest }

## Handing in, and returning with points

handing-declaration-missing = Confirm that the answers are true and complete
handing-reply-missing = Say how you dealt with each point of the return
handing-points-missing = Enter at least one point to mend
handing-point-unknown = A point names a question that this form does not have. Load the page again.
handing-have-ready = What to have at hand
handing-how-long = How long it takes
handing-minutes = About { $minutes } minutes. Everything is saved as you go, and several people can answer side by side.
handing-who-reads = Who reads it
handing-what-after = What happens after
handing-points-title = Points to mend
handing-points-here = Points to mend in this section
handing-check-first = Mend what is listed above. Then you can submit.
handing-reply = How did you deal with each point?
handing-reply-hint = The authority reads this beside what changed.
handing-declaration-title = Declaration
handing-sent-reference = Your reference
handing-sent-mail = We sent you an e-mail with this reference.
handing-sent-due = You will hear from us by { $date }.
handing-return-about = The supplier sees your reason and every point, mends the answers and submits again.
handing-return-reason = Why do you return it?
handing-points-ask = What must be mended?
handing-points-hint = Tie each point to a question where you can.
handing-point-item = Point
handing-point-add = Add another point
handing-point-question = Which question?
handing-point-text = What must be mended?
handing-point-of = { $section }: { $question }
