# Reports by e-mail (SEC-24, SEC-25): what waits, what is decided about it, and what the sender is answered.

nav-mail = E-mail
mail-one = An e-mail
mail-list = E-mail about incidents
mail-list-lead = These messages came to the address for incidents, and a person decides what becomes of each. What looks like data about people is masked.
mail-none = No e-mail waits
mail-none-text = Messages from people of a supplier become reports by themselves. What is not clear waits here.
mail-none-so = No such e-mail
mail-none-so-text = Choose another state above.
mail-received = Came in
mail-sender = Sender
mail-subject = Subject
mail-why = Why it waits
mail-state = State
mail-state-waiting = Waits
mail-state-reported = Made a report
mail-state-added = Added to an incident
mail-state-set-aside = Set aside
mail-state-all = All
mail-no-subject = (no subject)
mail-no-sender = (no sender that can be read)
mail-no-words = The message has no text. See its files.

mail-short-same-id = Known id, other content
mail-short-author = No clear sender
mail-short-forged = Sender forged
mail-short-ourselves = From our own address
mail-short-automatic = Sent by a machine or list
mail-short-unknown = Sender not known
mail-short-answer = About a known incident
mail-short-many = Too many from this sender
mail-short-no-place = Sender at no place
mail-short-several = Several places
mail-short-no-form = No form

mail-waits = Nothing has become of this message yet.
mail-why-same-id = Another message came with the same id, and says something else. Compare the two, then decide.
mail-why-author = The message does not name one sender. See who it may be, then decide.
mail-why-forged = Our mail server found that the message does not come from the sender that it names. Ask that sender in another way. It is not answered.
mail-why-ourselves = The message comes from an address of our own. If a colleague passed it on, make it a report at the right place.
mail-why-automatic = A machine or a mailing list sent the message. If it tells of an incident, make it a report.
mail-why-unknown = Nobody with an account at a supplier has this address. Find out whose it is, and make it a report at the right place. It is not answered.
mail-why-answer = The message answers what we wrote, or names an incident. If it belongs there, add it to that incident.
mail-why-many = Fifty reports came from this sender within a day, so the rest wait. See whether a machine sends them. They are not answered.
mail-why-no-place = The sender’s organisation has no place in a running contract. Choose the place that it is about.
mail-why-several = The sender’s organisation stands at several places. Choose the one that it is about.
mail-why-no-form = The contract’s policies ask nothing about incidents, or its place ended. Choose another place.

mail-author = What our mail server says of the sender
mail-author-pass = Confirmed
mail-author-fail = Forged
mail-author-none = Nothing
mail-checks = { $verdict } (DKIM: { $dkim }, SPF: { $spf }, DMARC: { $dmarc })
mail-date = Written, by the sender’s clock
mail-kind = Written by
mail-kind-person = A person, as far as can be told
mail-kind-automatic = A machine
mail-kind-list = A mailing list
mail-kind-null-sender = A machine that wants no answer
mail-kind-bounce = A mail server: something could not be delivered

mail-text = Text
mail-masked = What looks like data about people is masked.
mail-cut = The rest stands in the message as it came.
mail-other = What its HTML says otherwise
mail-files = Files
mail-file-damaged = It is broken, and kept as far as it could be read.
mail-file-refused = It is in the message alone, not with the incident: { $why }
mail-file-left = It is in the message alone so far, as it could not be scanned or stored. It is tried again for some days, and then goes to the incident.
mail-file-infected = The virus scanner found something in it.
mail-file-later = It could not be looked at when the message came in.
mail-unread = What could not be read
mail-original = The message as it came
mail-original-text = It is kept sealed, { $size }. Opening it shows what is masked here, and leaves an entry in the ledger.
mail-original-save = Open the message as it came
mail-original-closed = It is kept sealed. The security team can open it.

mail-unread-too-large = The file is too large to be read by itself. Take it out of the message as it came, or ask for it in another way.
mail-unread-all-too-large = The files of the message are too large together. Take this one out of the message as it came.
mail-unread-too-many-attachments = The message has too many files. Take this one out of the message as it came.
mail-unread-too-many-parts = The message has too many parts. Look at the rest in the message as it came.
mail-unread-too-deep = Messages lie within messages too deep. Look at the rest in the message as it came.
mail-unread-too-much-text = The text is too long. Look at the rest in the message as it came.
mail-unread-head-too-long = The head of the message is too long. Look at the rest in the message as it came.
mail-unread-unfinished = The message ends before it should. Ask the sender whether something is missing.
mail-unread-damaged = This is broken, and was read as far as it could be. Compare it with the message as it came.
mail-unread-charset = The text is in letters that are not known here. Ask the sender for plain text in UTF-8.
mail-unread-no-words = The text is a picture, or drawn by a program. Look at the files, or ask the sender for words.
mail-unread-encrypted = This is encrypted for somebody. Ask the sender for it in a way that is safe and that you can read.
mail-unread-signed = This lies within its signature. Open it in a mail program that reads S/MIME.
mail-unread-winmail = This is a winmail.dat, which only Outlook reads. Ask the sender for plain text or HTML.
mail-unread-elsewhere = This is not in the message, which only says where it would be. Ask the sender for the file.
mail-unread-piece = This is one piece of a message that was cut into several. Ask the sender to send it whole.
mail-unread-author = The message does not say who sent it in a way that can be read. See the message as it came.
mail-unread-outside = There is text outside the parts of the message, which mail programs do not show. Look at the message as it came.

mail-report = Make it a report
mail-report-about = Choose where it happened, or may have. The message becomes a report there, with a reference, as of when it came in.
mail-report-own = Where the sender’s organisation stands
mail-report-elsewhere = Somewhere else
mail-report-where = Where
mail-report-by = It becomes a report by { $party }, whose people complete it.
mail-report-told = It becomes a report that the authority was told, as nobody knows the sender at this place. You complete it. The supplier does not read who sent it.
mail-report-then = The text of the message becomes the first answer, and its files become files of the incident. All else stays open.
mail-else = Something else
mail-add = Add it to an incident
mail-reference = Which incident?
mail-reference-hint = Its reference, such as INC-2026-000001. The files of the message become files of that incident.
mail-reference-wrong = There is no such incident. Write its reference, such as INC-2026-000001
mail-set-aside = Set it aside
mail-reason = Why does nothing need to be done about it?
mail-reason-hint = The message is kept with your reason.
mail-reason-missing = Say why nothing needs to be done about it
mail-reason-was = Why:
mail-decided-by = { $name }, { $when }
mail-decided = Somebody decided about this message meanwhile: { $state }.
mail-stale = Somebody changed this meanwhile. Look at it once more.

mail-answer-reported-subject = { $reference }: your report has arrived
mail-answer-reported =
    Your report has arrived at { $authority }. Its reference is { $reference }.

    { $next }

    People with an account complete the report here: { $link }

    A machine sent this. What you wrote is kept, and is not repeated here.
mail-answer-reply = To add to your report by e-mail, answer this message.
mail-answer-waits-subject = Your message has arrived
mail-answer-waits =
    Your message has arrived at { $authority }, and is kept.

    A person reads it first, because it is not clear where it belongs. You get a reference by e-mail once it is a report.

    If it cannot wait, report it here, where you get a reference at once: { $link }

    A machine sent this. What you wrote is not repeated here.
mail-notice-waits-subject = An e-mail about an incident waits for you
mail-notice-waits = A message came to the address for incidents, and waits for a person. { $why }

timeline-mail-receive = Came in
timeline-mail-report = Made a report
timeline-mail-add = Added to an incident
timeline-mail-bring = Files looked at again
timeline-mail-set-aside = Set aside
