# Security incidents (SEC-10, SEC-21 to SEC-27, SEC-X1, SEC-X2). What the rules say of them stands in incident.ftl.

nav-incidents = Incidents
incident-kind = Incident
incident-tabs = Pages of this incident
incident-search = Find an incident by reference, supplier or contract
incident-none = No incidents
incident-none-text = Report anything that happened, or may have happened, to the authority’s information or property. A suspicion is enough.
incident-hidden = An incident that you may not open
incident-titled = { $kinds }: { $party }
incident-titled-open = An incident: { $party }

incident-rating-name = Severity
incident-rating-low = Low
incident-rating-moderate = Moderate
incident-rating-high = High
incident-rating-critical = Critical

stage-incident-reported = Reported
stage-incident-reported-next = The authority’s security team reads the report and takes it up. Go on doing what limits the harm.
stage-incident-triage = Being looked at
stage-incident-triage-next = The security team finds out what is known and decides whether it is an incident.
stage-incident-asking = Supplier to answer
stage-incident-asking-next = The supplier answers what the security team asks.
stage-incident-acting = Being acted on
stage-incident-acting-next = What was ordered is done and checked. The security team closes the incident when all of it is.
stage-incident-closed = Closed
stage-incident-closed-next = Everything that was ordered is done. Nothing more is asked of anybody.
stage-incident-no-incident = No incident
stage-incident-no-incident-next = The authority decided that this was no incident. Nothing more is asked of anybody.

stage-incident-merged = Reported already
stage-incident-merged-next = It is the same as another incident, and goes on there. What was reported here stays.

step-incident-reply = Answer
step-incident-reply-about = Answer what the security team asks. What changes in the report itself, change there, and send it.
step-incident-take-up = Take it up
step-incident-take-up-about = You have the incident from now on. The supplier is told that somebody has read the report.
step-incident-decide = Decide
step-incident-ask = Ask the supplier
step-incident-ask-about = The supplier gets your question by e-mail, and the incident waits for the answer.
step-incident-go-on = Go on without an answer
step-incident-go-on-about = Go on when the answer has not come, or cannot. You can ask again later.
step-incident-close = Close it
step-incident-close-about = Close it when everything that was ordered is done. All its tasks must be done and checked.
step-incident-merge = Merge it into another
step-incident-merge-about = Merge it when the same thing was reported before.
step-incident-separate = It was no duplicate
step-incident-separate-about = The two are separated again, and this one is looked at as before. Tasks that ended with the merge stay ended: set again what is still needed. If the other one’s clock for the regulator was put earlier by the merge, the data controller puts it right.

incident-merge-about = Do this when the same thing was reported twice. This report is over by that, and goes on as the other one. What was reported stays in both.
incident-merge-readers = Whoever reads this report on the supplier’s side must read the other one too. Otherwise they would learn of an incident that is not theirs. Nobody else is told anything of this one.
incident-merge-tasks = These tasks are open. They end with the merge. Set those that are still needed with the other incident.
incident-merge-into = Which incident is it?
incident-merge-into-hint = Incidents of the same contract, those reported last first.
incident-merge-one = { $reference }: { $title }. Reported on { $when }. { $stage }.
incident-merge-other = Another one
incident-merge-reference = Which incident is it?
incident-merge-reference-hint = Its reference, such as INC-2026-000001.
incident-merge-reference-other = Reference of another one
incident-merge-reference-other-hint = Such as INC-2026-000001. Choose “Another one” above.
incident-merge-why = Why are they the same?
incident-merge-why-hint = The supplier reads this. Name nobody who is not to be known to it.
incident-merge-missing = Say which incident it is
incident-merge-unknown = There is no incident with this reference
incident-merge-itself = This is the same report. Choose another one.
incident-merge-merged = That one was merged itself. It goes on as { $reference }: choose that.
incident-merge-comes-back = That one was merged into this very report
incident-merge-unseen = { $parties } would learn of an incident that they do not read. Merge the two the other way round, or leave both open and tie them to one weakness.
incident-merged-into = It goes on as
incident-merged-elsewhere = The authority goes on with it together with another report.
incident-merged-why = Why it was merged
incident-separated-why = Why it was no duplicate
incident-separate-why = Why is it another incident?
incident-separate-why-hint = The supplier reads this.
incident-duplicates = Reported again as
incident-duplicates-about = These reports were merged into this one. What they say stays there.
incident-duplicate-reported = reported on { $when }

incident-channel-page = By page
incident-channel-program = By a program
incident-channel-told = Told to the authority

incident-report = Report an incident
incident-report-about = Report anything that happened, or may have happened, to the authority’s information, systems or property. Say where first.
incident-report-told-about = Enter here what somebody told you. They get no less than if they had reported it themselves: a reference at once. Choose whose it is first.
incident-report-lead = Answer what you can. You get a reference at once, and can complete the report later.
incident-where = Where did it happen?
incident-elsewhere = Somewhere else
incident-readers = The authority reads this report, and so does your organisation.
incident-readers-above = The authority reads this report, and so do those above you in the chain of this contract.
incident-readers-about = The authority reads this report, and so do those above you in the chain of this contract. They write nothing in it.
incident-readers-told = These read it too: { $parties }.
incident-above = { $contract }: somebody above you, at tier { $tier }
incident-about = About
incident-about-party = { $party }, at tier { $tier }
incident-about-tier = A party above, at tier { $tier }
incident-also-ask = Does it touch other contracts of yours too?
incident-also-ask-hint = The authority reads which. Those above you there see that a duty about an incident counts, and not what happened.
incident-also-wrong = Choose your places in other contracts, at most twenty
incident-told-by-ask = Who told you of it?
incident-told-by-ask-hint = Their name, as they gave it. The supplier does not read this.
incident-told-by-missing = Say who told you
incident-told-how-ask = How did they tell you?
incident-told-how-ask-hint = For example: by telephone, at the desk, on paper.
incident-told-how-missing = Say how they told you
incident-send = Send the report
incident-no-form = There is no form for incidents on this contract. Tell your contract manager by telephone, now.
incident-sent = Report received
incident-sent-reference = Your reference
incident-sent-mail = Write it down. You also get it by e-mail.
incident-sent-next = What happens next
incident-sent-complete = More is needed, and it can wait until you know it. Complete the report as soon as you can.
incident-follow = See the incident
incident-complete = Complete the report
incident-lacking = { $count ->
    [one] The report lacks one answer that is needed.
   *[other] The report lacks { $count } answers that are needed.
  }
incident-lacking-add = What was sent is kept; add what is known by now.
incident-order = Order what is to be done
incident-callers-agreed = What the agreed security plan says of checks of callers
incident-callers-sealed = The plan keeps this sealed. Ask for it on the page of the plan.
incident-callers-plan = { $title }, version { $version }
incident-lacking-still = { $count ->
    [one] One answer is still lacking.
   *[other] { $count } answers are still lacking.
  } Send what you know now, and the rest later.
incident-check-first = Mend what is listed above. Then you can send it.
incident-nothing-new = Nothing has changed since you sent it last.
incident-add = Send it to the authority
incident-over = Nothing can be added any more: the incident stands at “{ $stage }”. Report what is new as another incident.
incident-regulator = Do not notify the regulator for the authority
incident-regulator-why = The authority decides about its own data, and whether the regulator is told. A notification by you could say too much, too little, or the wrong thing, and it starts a clock that is the authority’s.
incident-regulator-own = A duty that a law puts on you yourself stands. If you follow one, say so in the report.

incident-known = What is known
incident-happened = Happened
incident-discovered = Discovered
incident-reported = Reported
incident-delay = From discovery to report
incident-delay-minutes = { $count ->
    [one] One minute
   *[other] { $count } minutes
  }
incident-delay-hours = { $count ->
    [one] One hour
   *[other] { $count } hours
  }
incident-delay-days = { $count ->
    [one] One day
   *[other] { $count } days
  }
incident-delay-same-day = On the same day
incident-taken-up = Taken up
incident-channel = How it came
incident-told-by = Told by
incident-told-by-how = { $name } ({ $way })
incident-also = Touches too
incident-not-known = Not known
incident-when = { $date }, { $time }
incident-when-day = { $date }, time not known
incident-verdict = Decided
incident-verdict-incident = It is an incident
incident-verdict-not-incident = It is no incident
incident-verdict-ask = What is it?
incident-verdict-missing = Choose whether it is an incident
incident-verdict-reason = Why?
incident-verdict-reason-hint = The supplier reads this.
incident-categories = Categories
incident-item = The item
incident-asked = What the supplier was asked
incident-answered = What the supplier answered
incident-decided-why = What the authority decided, and why
incident-lessons = What was learnt
incident-lessons-ask = What was done, and what is to be learnt from it?
incident-lessons-ask-hint = The supplier reads this.
incident-question = Your question
incident-question-hint = The supplier reads this.
incident-answer = Your answer
incident-why-go-on = Why do you go on?
incident-why-go-on-hint = The supplier does not read this.

incident-tab-triage = Triage
incident-do-triage = Triage it
incident-triage-first = Take the report up first. Then you can say what is known.
incident-triaged = What is known can be changed no more: the incident stands at “{ $stage }”.
incident-advice = This is what the tests make of it. They advise; you decide.
incident-missing = These are not known, and could change that:
incident-must-report = Whatever it is decided to be, it must be reported: dishonesty is suspected.
incident-severity = Severity: { $severity }, at least
incident-facts = What is known
incident-facts-report = This is what the report says. Correct it, and put the tests to it.
incident-facts-kept = This is what was said last.
incident-put-tests = Save, and put the tests to it
incident-authority-data = Authority data under { $contract }
incident-relies-on = On which of these answers does yours rest?
incident-relies-on-hint = Choose one if that very information was involved. The tests do not answer for you.
incident-relies-on-one = { $information }: { $outcome }
incident-relies-on-wrong = Choose one of the answers that are kept for the contracts of this incident
incident-relies-on-otherwise = This answer does not bear out what you said above. Choose another, or say otherwise above
incident-rests-on = What you said of the authority’s part rests on
incident-rests-on-anew = This was decided anew since. See whether what you said still holds.
incident-none-of-these = None of these
incident-fact-alone = “None of these” and “Not known” go with nothing else. Choose one or the other.
incident-decide = Decide what it is
incident-decide-about = The tests advise; you decide, and say why. The supplier reads your reasons.

incident-fact-asset-involved = Was anything of the authority’s involved?
incident-fact-asset-kind = What was it?
incident-fact-asset-kind-physical = Property
incident-fact-asset-kind-information = Information, in any form
incident-fact-asset-kind-other = Something else of value
incident-fact-attempt = Did somebody try something on purpose?
incident-fact-attempt-none = Nobody tried
incident-fact-attempt-failed = Yes, in vain
incident-fact-attempt-succeeded = Yes, with success
incident-fact-actions = What happened?
incident-fact-actions-disclosed = Data was passed on, leaked, or told to a bogus caller
incident-fact-actions-accessed-without-reason = Somebody looked at data without a reason to, and passed nothing on
incident-fact-actions-modified = Data or software was changed without leave
incident-fact-actions-stolen = Something was stolen
incident-fact-actions-lost = An item was lost, or cannot be found
incident-fact-actions-process-failure = A process failed, such as a missing encryption or marking
incident-fact-actions-damaged = An asset or a service was damaged
incident-fact-actions-dishonesty-suspected = Somebody is suspected of dishonesty
incident-fact-actions-malware = Malware was found
incident-fact-actions-fault = Software or a system had a fault
incident-fact-loss = What was lost?
incident-fact-loss-confidentiality = Confidentiality: somebody knows, or may know, who must not
incident-fact-loss-availability = Availability: it cannot be used
incident-fact-loss-integrity = Integrity: it is not what it was
incident-fact-whereabouts = Where is the item that was called lost?
incident-fact-whereabouts-in-secure-facility = Known to be inside a secure facility
incident-fact-whereabouts-unknown = Nobody can say
incident-fact-whereabouts-outside = Known to be outside
incident-fact-backup-usable = Can it be restored from a usable back-up?
incident-fact-process-breakdown = Did systems or processes break down?
incident-fact-exposed = Was data exposed outside, or could it have been?
incident-fact-systemic = Where does the cause lie?
incident-fact-systemic-yes = In the system
incident-fact-systemic-no = In awareness

blocker-incident-triage = The tests have not been put to anything yet. Say what is known first.
blocker-incident-tasks = { $count ->
    [one] One task is still open.
   *[other] { $count } tasks are still open.
  }

incident-mail-turn-subject = { $reference } waits for you
incident-mail-turn = The incident { $reference } has come to the stage “{ $stage }”. It waits for you or someone with your role.
incident-mail-reported-subject = { $reference }: an incident was reported
incident-mail-reported = The incident { $reference } was reported under a contract that you manage. The security team takes it up.
incident-mail-received-subject = { $reference }: the report has arrived
incident-mail-received = The report has arrived. Its reference is { $reference }. Whoever reported it completes it as soon as more is known.
incident-mail-added-subject = { $reference }: more is known
incident-mail-added = The supplier added to its report of the incident { $reference }.
incident-mail-asked-subject = { $reference }: the authority asks
incident-mail-asked = The authority asks about the incident { $reference }. Whoever reported it answers.
incident-mail-decided-subject = { $reference }: { $stage }
incident-mail-decided = The authority decided on the report { $reference }. Read what it decided, and why.
incident-mail-closed-subject = { $reference }: { $stage }
incident-mail-closed = The incident { $reference } is closed. Its outcome: { $stage }.
incident-mail-merged-subject = { $reference }: reported already
incident-mail-merged = What you reported as { $reference } was reported already. The authority goes on with both as one. Read why; nothing of your report is lost.
incident-mail-separated-subject = { $reference }: looked at again
incident-mail-separated = The incident { $reference } is no longer taken to be the same as another one. The authority looks at it again.
incident-mail-mail-files-subject = { $reference }: more files came
incident-mail-mail-files = Files of an e-mail about the incident { $reference } could not be scanned or stored when it came. More of them are with the incident now.
incident-mail-tell-people-subject = { $reference }: people are to be told
incident-mail-tell-people = People whom the incident { $reference } concerns are to be told of it. The task says whom, what and how.
incident-mail-written-subject = { $reference }: a new message
incident-mail-written = Somebody wrote a message about the incident { $reference }.
incident-mail-passed-subject = { $reference } was passed to you
incident-mail-passed = The incident { $reference } is yours now. Its stage: { $stage }.
incident-mail-task-subject = { $reference }: a task for you
incident-mail-task = A task about the incident { $reference } was set for you.
incident-mail-lacking-subject = { $reference }: something is lacking
incident-mail-lacking = The authority checked a task about the incident { $reference } and found something lacking.

moment-incident-report = Reported
moment-incident-report-told = Told to the authority and entered
moment-incident-add = More was sent
moment-incident-take-up = Taken up
moment-incident-triage = Tests put to what is known
moment-incident-ask = Supplier asked
moment-incident-answer = Supplier answered
moment-incident-go-on = Gone on without an answer
moment-incident-decide = Decided
moment-incident-close = Closed
moment-incident-merge = Merged into another
moment-incident-merged-in = Another report was merged into it
moment-incident-separate = Separated again: it was no duplicate
moment-incident-separated-out = A report that was merged into it was separated again
moment-incident-reveal = Sealed answer read
moment-incident-take-on = Taken on
moment-incident-put-back = Put back
moment-incident-pass-to = Passed to a colleague
moment-incident-pass-task = Task passed on
moment-incident-message = Message written
moment-incident-note = Internal note written
moment-incident-own-note = Note for your organisation written
moment-incident-task = Task set
moment-incident-finish-task = Task done
moment-incident-check-task = Task checked
moment-incident-declare = Data about people declared essential

incident-withheld = { $count ->
    [one] In one answer something looks like data about people. It is withheld.
   *[other] In { $count } answers something looks like data about people. It is withheld.
  }
incident-withheld-yours = The report has arrived all the same. Remove the data, mask it, or say why it is needed.
incident-withheld-theirs = The supplier is asked to remove it, mask it, or say why it is needed. The rest of the report is here.
incident-screening = Data about people in your report
incident-screening-about = This is what we found in what you sent. Nobody but those who complete this report reads it until you decide: remove it, mask it, or say why the authority needs it. Then it is stored sealed, and each look at it is recorded.
incident-screening-none = Nothing in what you sent looks like data about people.
incident-mask = Mask it
incident-mask-all = Mask all of it
incident-remove = Remove it yourself
incident-rewrite = Write it again without the data about people
incident-rewrite-hint = What was found is masked here. Put your own words in its place.
incident-rewrite-save = Send it so
incident-rewrite-missing = Write it again, or choose another way
incident-rewrite-same = This is what you sent. Change it, or choose another way
incident-found-done = Back to your reference
incident-declare = Declare it essential
incident-declare-ask = The authority needs it
incident-essential = Declared essential:
incident-essential-reason = Why does the authority need it?
incident-essential-reason-hint = Those who may read it read this too.
incident-essential-reason-missing = Say why the authority needs it

incident-channel-link = By a reporting link
incident-channel-mail = By e-mail
incident-told-by-mail = by e-mail
incident-mail-cut = (The message is longer. The rest stands in the message as it came.)
incident-mails = E-mail about this incident
moment-incident-report-by-mail = Reported by e-mail
moment-incident-add-mail = E-mail added
moment-incident-report-by-link = Reported by a link
moment-incident-make-link = Reporting link made
moment-incident-end-link = Reporting link called back
incident-links = Reporting links
incident-links-see = Let people without an account report: reporting links
incident-links-about = Whoever holds such a link reports incidents at this place, without an account. They read nothing else. Hang it up where people work, and call it back when it gets into wrong hands.
incident-links-none = No link works
incident-links-none-text = Make one, and give it to the people who work on this contract and have no account.
incident-links-most = Five links work already. Call one back first.
incident-link-make = Make a link
incident-link-is = This is the link:
incident-link-once = Keep it now. It is not shown again; nobody can read it here.
incident-link-made = Made
incident-link-reports = Reports
incident-link-last = Last used
incident-link-unused = Never
incident-link-do = What can be done
incident-link-end = Call it back
incident-link-flooded = So many reports came by this link that it takes no more today. Telephone the person who gave it to you, or somebody with an account.
incident-report-lead-link = Answer what you can. You get a reference at once. You need no account, and nobody needs to agree.
incident-sent-link = Write it down, and tell it to the person who leads your work: with it they find the report, complete it, and answer for it.
incident-day-to-come = This day has not come yet
moment-incident-take-out = Taken out in VERIS
moment-incident-mask = Data about people masked
incident-sent-told = Read it out to whoever told you. The supplier gets it by e-mail.

incident-paper-report = Report of an incident: { $title }
incident-paper-acknowledgement = Your report { $reference } has arrived
incident-paper-round = Sent as
incident-paper-sent = Sent on
incident-paper-withheld = In some answers something looks like data about people. It is masked here, or withheld whole.
incident-paper-arrived = Your report has arrived. Its reference is { $reference }. It arrived on { $when }.
incident-paper-next-read = The authority’s security team reads it and takes it up, by { $when }.
incident-paper-next-update = It tells you how things stand, by { $when }.
incident-paper-next-complete = Complete the report as soon as you know more. What was sent is kept.
incident-paper-next-limit = Until then, go on doing what limits the harm.
incident-paper-closing = For the authority
moment-incident-paper = Paper made

# The regulator (SEC-27). None of this is read by a supplier.

incident-tab-regulator = Regulator
home-regulator = The regulator: what waits for you
home-regulator-one = { $reference }: { $what }
incident-mail-regulator-subject = { $reference }: the clock for the regulator runs
incident-mail-regulator = The incident { $reference } was reported. Data about people may be concerned. From the report on, the law gives you 72 hours to notify the regulator, if that is needed. Decide whether it is.
incident-mail-regulator-alarm-subject = { $reference }: a regulator was told by the supplier’s side
incident-mail-regulator-alarm = The report of the incident { $reference } says that the supplier, or somebody below it, told a regulator. Find out what was told, by whom, and on whose behalf.

regulator-title = The regulator
regulator-see = Decide and record for the regulator
regulator-back = Back to the regulator
regulator-only = Only the data controller decides here. You read it.
regulator-alarm = The supplier’s side says that it told a regulator. Find out what was told, and on whose behalf.
regulator-alarm-one = { $name }, { $when }
regulator-alarm-one-reference = { $name }, { $when }, reference { $reference }
regulator-alarm-gone = An earlier report named it. The present one does not.

regulator-left-minutes = { $count ->
    [one] One minute left
   *[other] { $count } minutes left
  }
regulator-left-hours = { $count ->
    [one] One hour left
   *[other] { $count } hours left
  }
regulator-left-days = { $count ->
    [one] One day left
   *[other] { $count } days left
  }
regulator-over-minutes = { $count ->
    [one] over by one minute
   *[other] over by { $count } minutes
  }
regulator-over-hours = { $count ->
    [one] over by one hour
   *[other] over by { $count } hours
  }
regulator-over-days = { $count ->
    [one] over by one day
   *[other] over by { $count } days
  }
regulator-mark-decision = Regulator to be decided on: { $left }
regulator-mark-sending = Regulator to be notified: { $left }
regulator-mark-next-part = Next part to the regulator: { $left }
regulator-mark-people = People concerned to be told: { $left }
regulator-mark-notified = Regulator notified
regulator-mark-not = Regulator not notified
regulator-waits-decision = Decide whether the regulator is notified.
regulator-waits-sending = Notify the regulator, and record here what was sent.
regulator-waits-next-part = Send the regulator the next part, and record it here.
regulator-until = The time ends on { $until }.
regulator-until-over = The time ended on { $until }. A notification is still owed; say in it why it is late.
regulator-until-part-over = It was due by { $until }.
regulator-rests-sent = The regulator was notified. Nothing more is due.
regulator-rests-not = It was decided not to notify the regulator. Decide again if more becomes known.
regulator-rests-nobody = By the report, no data about people is concerned, so no clock runs. You can decide all the same.
regulator-rests-merged = This report was merged into another incident. The clock goes on there, from the earlier of the two reports. You can decide here all the same.
regulator-rests-no-incident = The authority found no incident, and nobody said that data about people is concerned. So no clock runs. You can decide all the same.

regulator-concerns = Data about people, by the report
regulator-aware = The authority became aware
regulator-aware-report = { $when }, when the report reached it
regulator-deadline = 72 hours end
regulator-decided = Decided
regulator-open = Not decided yet
regulator-first = First notification
regulator-took = Time taken, as the regulator counts it
regulator-took-late = { $band }, which is late
regulator-next = Next part due
regulator-next-none = Nothing more is due
regulator-choice-notify = Notify the regulator
regulator-choice-not = Do not notify the regulator

regulator-law = What the law asks for
regulator-law-aware = The time counts from when the authority became aware. That is, at the latest, when the supplier’s report reached it. If somebody at the authority knew before, it counts from then: put it right and say why.
regulator-law-time = A notification must go out without undue delay, and within 72 hours where that is possible. Hours count on, over nights, weekends and holidays. A later one must give the reasons for the delay.
regulator-law-parts = What is not known yet may follow in parts, as soon as it is.
regulator-law-people = Where the risk to people is high, they must be told too, without undue delay and in plain words. That is not needed where the data was unreadable to others, where the risk has been taken away since, or where it would be out of proportion; then the public is told instead.
regulator-law-record = Every breach of data about people is recorded with what happened, its effects and what was done, whether or not it is notified.

regulator-rounds = What was decided and sent
regulator-rounds-none = Nothing yet
regulator-rounds-none-text = Decisions and what was sent to the regulator are listed here. Nothing is ever taken back; a new decision follows an old one.
regulator-round-by = { $name }, { $when }
regulator-round-aware = When the authority became aware was put right
regulator-round-decision = Decision
regulator-round-first = First notification sent
regulator-round-further = Further part sent
regulator-round-sent = Notification sent
regulator-round-people = The people concerned were told
regulator-said = What was said
regulator-reason = Why

regulator-put-aware = Put right when the authority became aware
regulator-aware-ask = When did the authority become aware?
regulator-aware-ask-hint = As soon as somebody at the authority could be reasonably sure of it. Give the earliest moment.
regulator-aware-reason = Why is it that moment?
regulator-aware-reason-hint = Say who knew of it, and from whom.
regulator-aware-reason-missing = Say why it is that moment
regulator-aware-same = This is the moment that stands already
regulator-aware-after-sent = The regulator was notified before that. Give a moment before the first notification.
regulator-too-early = This lies more than ten years back. Check the year.
regulator-data-out = This holds data about people: { $kinds }. Take it out, and say what kind of data it is. What you send to the regulator can be attached as a file.
regulator-to-come = This has not come yet
regulator-gone-by = This day has gone by
regulator-time-hint = 24-hour clock, such as 14:30.
regulator-moment-wrong = Give a day, and a time such as 14:30
regulator-save = Save

regulator-decide = Decide whether the regulator is notified
regulator-decide-again = Decide again
regulator-decide-about = This is what the law asks for. You decide, and say why:
regulator-personal = Data about people is concerned
regulator-personal-ask = Is data about people concerned?
regulator-personal-ask-hint = Lost, destroyed, changed, passed on or seen by somebody who must not.
regulator-personal-missing = Choose whether data about people is concerned
regulator-risk = Risk to people
regulator-risk-ask = How likely is it that people come to harm?
regulator-risk-ask-hint = Think of fraud, loss of money, shame, discrimination, or danger. Leave it open if no data about people is concerned.
regulator-risk-missing = Choose how likely it is that people come to harm
regulator-risk-unlikely = A risk is unlikely
regulator-risk-likely = There is a risk
regulator-risk-high = The risk is high
regulator-owed = What the law asks for
regulator-departs = The decision departs from this: { $law }
regulator-notify-ask = What do you decide?
regulator-notify-missing = Choose whether the regulator is notified
regulator-sent-already = The regulator was notified already, which cannot be taken back. Record a further part instead.
regulator-reason-ask = Why, and on what does it rest?
regulator-reason-ask-hint = This is the record that the regulator may ask for: what happened, its effects, and what was done.
regulator-reason-missing = Say why, and on what it rests
regulator-people = The people concerned
regulator-people-ask = Are the people concerned told?
regulator-people-missing = Choose whether the people concerned are told
regulator-people-told = They were told
regulator-people-will-be = They will be told
regulator-people-not = They are not told
regulator-people-reason = Why they are told, or not
regulator-people-reason-ask = Why are they told, or not?
regulator-people-reason-missing = The risk is high: say why the people are not told
regulator-people-how = How they are told
regulator-people-how-ask = How are they told?
regulator-people-how-missing = Say how the people are told
regulator-people-by = Who tells them
regulator-people-by-ask = Who tells them?
regulator-people-by-ask-hint = A supplier that is to tell them gets a task. It reads nothing of what you decide here.
regulator-people-by-missing = Choose who tells the people
regulator-people-by-over = This incident is over: nothing can be asked of the supplier any more. Let the authority tell them.
regulator-people-by-authority = The authority
regulator-people-by-supplier = The supplier, as the authority instructs it
regulator-people-instruction = What the supplier is asked
regulator-people-instruction-ask = What is the supplier to do?
regulator-people-instruction-ask-hint = The supplier reads this as a task. Say whom to tell, what, and how. Leave the regulator out.
regulator-people-instruction-missing = Say what the supplier is to do
regulator-people-task = Tell the people concerned
regulator-people-task-stands = The supplier’s task:
regulator-people-done = Told on { $day }
regulator-people-until = To be told by { $day }
regulator-people-record = Record that they were told
regulator-people-waits-not = Nothing waits here: decide first that the people will be told.
regulator-people-told-on = On which day were they told?
regulator-people-told-how = How was it done?
regulator-people-told-how-hint = Say how many were told, by what way, and who could not be reached.
regulator-people-how-done = How it was done
regulator-people-before-aware = This is before the authority became aware
regulator-people-on = Told on
regulator-people-on-ask = When were they told, or when will they be?
regulator-people-on-missing = Say when the people are told

regulator-send = Record what was sent
regulator-send-first = Record the first notification
regulator-send-further = Record a further part
regulator-send-about = Send it to the regulator in the regulator’s own way first. Record here what was sent; what is recorded stays. Then attach what went out as a file, on the page of the regulator.
regulator-files = Sent to the regulator about { $reference }
regulator-files-first = First notification
regulator-files-further = Further part, number { $no } of the record
regulator-decide-first = Decide to notify the regulator first. Then record what was sent.
regulator-sent-at = Sent on
regulator-sent-at-ask = When was it sent?
regulator-sent-before-aware = This is before the authority became aware. Put one of the two right.
regulator-sent-before-first = This is before the first notification
regulator-by = Sent by
regulator-by-ask = Who sent it?
regulator-by-missing = Say who sent it
regulator-reference = The regulator’s reference
regulator-reference-ask = What is the regulator’s reference?
regulator-reference-ask-hint = Leave it empty if it has given none yet. Record a further part once it has.
regulator-late = Why it was late
regulator-late-ask = Why is it later than 72 hours?
regulator-late-ask-hint = The law asks for the reasons of a delay. Leave it empty if there is none.
regulator-late-missing = The 72 hours were over: say why it is late
regulator-what = What was sent
regulator-what-ask = What was sent?
regulator-what-ask-hint = What happened, how many people and records, likely effects, what was done, and whom the regulator can turn to.
regulator-what-missing = Say what was sent
regulator-lists = In the regulator’s lists
regulator-lists-about = The report gives these. Choose otherwise where you told the regulator otherwise.
regulator-type = Type of incident
regulator-category = Category
regulator-data = Kinds of data
regulator-subjects = Whose data
regulator-size = How many people
regulator-sector = Sector of the authority
regulator-choose = Choose from the regulator’s list
regulator-next-ask = By which day is the next part due?
regulator-next-ask-hint = Leave it empty if nothing is to follow.
regulator-next-before = This is before the day on which this part was sent

regulator-clock-decision-subject = { $reference }: decide on the regulator, { $left }
regulator-clock-decision = Nobody has decided yet whether the regulator is notified of the incident { $reference }. The 72 hours end on { $until }: { $left }.
regulator-clock-sending-subject = { $reference }: notify the regulator, { $left }
regulator-clock-sending = It was decided to notify the regulator of the incident { $reference }, and nothing is recorded as sent. The 72 hours end on { $until }: { $left }.
regulator-clock-next-part-subject = { $reference }: the next part to the regulator, { $left }
regulator-clock-next-part = The next part for the regulator about the incident { $reference } is due by { $until }: { $left }.
regulator-clock-people-subject = { $reference }: tell the people concerned, { $left }
regulator-clock-people = It was decided that the people whom the incident { $reference } concerns are told by { $until }: { $left }. Record here how it was done.

moment-regulator-people = Recorded that the people concerned were told
moment-regulator-aware = When the authority became aware was put right
moment-regulator-decide = Decided on the regulator
moment-regulator-send = Recorded what was sent to the regulator
moment-regulator-merged = A duplicate was merged into the incident: its clock goes on here
moment-regulator-alarm = A report names a regulator that was told
incident-veris = Take it out in VERIS
incident-veris-about = VERIS is a format in which organisations compare incidents. The file says when it happened, what was done and to what, and our categories. What was found about people is masked, and sealed answers are left out. That it was taken out is recorded.
incident-veris-go = Take it out
incident-mail-withheld-subject = { $reference }: a file is withheld
incident-mail-withheld = A file about the incident { $reference } is withheld: it may hold data about people, or could not be read. The report stands. Say what is to become of the file.
incident-files = Files that are withheld
incident-files-about = Files are looked through for data about people once they are stored. What may hold some is withheld from all but those entitled and whoever brought it. Decide about each file, or replace it by one without the data.
incident-files-none = No file that you may see is withheld.
incident-files-withheld = { $count ->
    [one] One file is withheld: it may hold data about people.
   *[other] { $count } files are withheld: they may hold data about people.
}
incident-files-yours = The report has arrived all the same. Say what is to become of them.
incident-files-theirs = Whoever brought them is asked to decide. The rest of the report is here.
incident-file-found = { $count ->
    [one] One thing was found:
   *[other] { $count } things were found:
}
incident-file-more = { $count ->
    [one] And one more.
   *[other] And { $count } more.
}
incident-file-unread = This could not be read:
incident-file-finding = { $kind } ({ $sure }): { $place }
incident-file-in-name = in the name of the file
incident-file-at-within = in “{ $name }”
incident-file-at-page = page { $number }
incident-file-at-sheet = sheet { $number }
incident-file-at-cell = cell { $cell }
incident-file-at-sheet-name = its name
incident-file-at-line = line { $number }
incident-file-at-beside = beside the text: a note, a drawing or a property
incident-file-show = Show it in place
incident-file-show-hint = That you looked is recorded.
incident-file-in-place = What was found, in place
incident-file-open = Go to the file
incident-file-replace = You can send a version without the data. The one that is here stays withheld.
incident-file-replace-link = Replace the file
incident-file-choose = What is to become of this file?
incident-file-do-essential = The authority needs it as it is. It stays closed to all but those entitled, and each look is recorded
incident-file-do-release = There is nothing in it that has to be withheld. All who read the incident may read it
incident-file-do-withdraw = Withdraw it. It is kept sealed, and nobody opens it any more
incident-file-reason = Why?
incident-file-reason-hint = Those who see the file read this too.
incident-file-reason-missing = Say why
incident-file-choice-missing = Say what is to become of the file
incident-file-settle = Decide
incident-file-again = Decide otherwise
incident-file-choice-essential = Declared essential
incident-file-choice-release = Released
incident-file-choice-withdraw = Withdrawn
