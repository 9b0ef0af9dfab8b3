error-subject-destroyed = This was destroyed. Nothing can be added to it.
refusal-nothing-permits = You do not have permission to do this.
service-name = Vouchsafe
holder-removed = (removed)
nav-sign-in = Sign in
nav-account = Your account
nav-menu-abroad = Abroad
nav-menu-security = Security
nav-menu-contracts = Contracts
nav-menu-service = Administration
nav-switch = Switch role
nav-acting = { $role } at { $party }
nav-acting-for = { $role } at { $party }, for { $name }
error-instead-over = You no longer act in that person’s place. Nothing was changed.
nav-instead = You act in the place of { $name }.
case-acts-for = { $name }, for { $other }
error-not-found-title = Page not found
error-not-found = We cannot find this page. If you typed the address, check it. If you followed a link, it may be for somebody else or no longer exist.
error-refused-title = You cannot do this
error-signed-out-title = You are signed out
error-signed-out = Sign in and try again. Nothing you saved was lost.
error-conflict-title = This cannot be done now
error-stale-title = Someone changed this meanwhile
error-blocked-title = This cannot be done yet
error-invalid-title = Some answers need mending
error-bad-request-title = We could not read this
error-too-large-title = This is too large
error-too-large = What you sent is larger than allowed. Nothing was changed. Shorten it and send it again.
error-too-many-title = Too many tries
error-too-many = Try again in { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
}.
error-repeated-title = This was done already
error-repeated = You sent this before, and it arrived. It was not done twice.
error-unavailable-title = The service is not available
error-unavailable = A part of the service is out of reach. Try again in a few minutes. What you sent was not saved.
error-internal-title = Something went wrong
error-internal = This is a fault of ours. Nothing was half-done. Try again, and tell us the number below if it happens again.
error-request-id = Number: { $id }
error-go-home = Go to the start page
error-too-long = Shorten this to { $max } characters or fewer
error-date-iso = Write the date as 2026-03-27
error-version-missing = The form was incomplete. Open the page again and repeat your change.
error-foreign-form = This form came from another site. Open the page here and fill it in again.
error-not-a-form = What was sent is not a form of this service.
error-not-json = The request must hold JSON of the right shape.
error-upload-malformed = The upload did not arrive as it was sent. Try again.
error-not-text = The form holds characters that are not text. Remove them and send it again.
error-form-expired = This page was open for too long, or you signed in elsewhere meanwhile. Go back, load the page again and repeat your change.

## Mail and upkeep

mail-malformed = The message cannot be sent as it stands. Its address or text is malformed.
mail-refused = The mail server refused the message for good (code { $code }). Check the address.
checkpoint-mail-subject = Ledger checkpoint at entry { $size }
checkpoint-mail =
    This is a signed checkpoint of the ledger of { $authority }, made on { $moment }.
    It covers { $size } entries. Keep it: with it, an auditor can see whether entries were cut off or rewritten later.
    Fingerprint of the key: { $fingerprint }
