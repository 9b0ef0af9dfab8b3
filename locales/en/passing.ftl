# Sections of a form passed to somebody without an account, and the pages of whoever holds such a link.

passing-tab = Passed on
passing-link = Ask somebody else to answer a section
passing-title = Sections passed on
passing-about = Ask whoever knows the answers. They get an e-mail with a link, need no account, and see only the sections that you choose. You submit the whole.
passing-empty = Nothing is passed on
passing-empty-text = Choose a section below, and say who should answer it.
passing-list = Who answers which sections
passing-who = Who
passing-sections = Sections
passing-mail-head = E-mail
passing-progress = What happened
passing-until = Until
passing-until-short = until { $date }
passing-state = State
passing-by = asked by { $name }
passing-asked-by = Asked by
passing-remark-said = What you said
passing-back = Back to the sections passed on
passing-somebody = Somebody whom the supplier asked
passing-still-open = { $count ->
    [one] One person still answers a section. Their link ends when you submit.
   *[other] { $count } people still answer sections. Their links end when you submit.
}
passing-see = See who

passing-new = Pass a section on
passing-name = Who should answer?
passing-name-hint = Their name, as they read it in the e-mail.
passing-name-missing = Enter a name
passing-email = Their e-mail address
passing-email-hint = Whoever reads this mailbox can open the link.
passing-sections-ask = Which sections?
passing-sections-ask-hint = They see these and nothing else.
passing-sections-missing = Choose at least one section
passing-until-ask = Until which day?
passing-until-ask-hint = The link works until the end of that day.
passing-until-past = Choose today or a later day
passing-until-late = Choose { $date } or an earlier day
passing-remark = What should they know?
passing-remark-hint = They read it on the page, not in the e-mail.
passing-remark-missing = Say what is still lacking
passing-send = Send the link

passing-stands-open = Being answered
passing-stands-revoked = Called back
passing-stands-handed-in = Over
passing-stands-handed-back = Handed back
passing-stands-taken = Taken
passing-stands-expired = Expired

passing-mail-sending = Being sent
passing-mail-sent = Delivered to the mail server on { $at }
passing-mail-failed-tag = Failed
passing-mail-failed = It could not be delivered, since { $at }. Check the address: call this link back, and pass the section on again.
passing-not-opened = Not opened yet
passing-opened = Opened on { $first }
passing-opened-again = Opened on { $first }, last on { $last }
passing-started = First answer on { $at }
passing-handed-back = Handed back on { $at }
passing-taken = Taken on { $at }
passing-revoked = Called back on { $at }

passing-over = The answers were submitted or are not needed any more, so this link works no more.
passing-take-title = Take the answers
passing-take-about = They say that they are done. Read what they answered, then take it as it is, or ask again.
passing-read = Read the answers
passing-take = Take them as they are
passing-again-title = Ask again
passing-lacking = What is still lacking?
passing-again = Ask again
passing-extend-title = Another last day
passing-extend = Save the day
passing-resend-title = Send it again
passing-resend-about = They get a new link by e-mail. The former one stops working.
passing-resend = Send it again
passing-revoke-title = Call it back
passing-revoke-about = The link stops working at once, and so do those that were passed on from it. What was answered stays.
passing-revoke = Call it back

passing-stale = Somebody changed this link a moment ago. Read how it stands now, and do it again if it is still needed.
passing-not-now = This cannot be done to the link as it stands now.
passing-above-first = This link stands below another that works no more. Ask again there, or give that one another day, first.
passing-name-wrong = Write the name without / @ < and >
passing-extend-first = The last day of this link is over. Give it another day first.
passing-too-many = { $most } links at most. Call back some that are not needed, and try again.

## Mail. It travels in the open: it names sections of a public form, never an answer.

passing-mail-subject = { $asker } asks you to answer questions for { $authority }
passing-mail =
    Hello { $name },

    { $asker } at { $party } asks you to answer a part of a questionnaire for { $authority }:

    { $sections }

    Open this link. You need no account:

    { $link }

    It works until { $date }, and only for you: please do not forward it. On the page you can pass a section on to somebody else.

    If you do not know { $asker }, do nothing.
passing-mail-again =
    Hello { $name },

    { $asker } at { $party } read what you answered for { $authority }, and asks for more. What is lacking stands on the page:

    { $sections }

    Open this link. Earlier ones no longer work:

    { $link }

    It works until { $date }, and only for you.
passing-mail-back-subject = Questions for { $authority } were answered
passing-mail-back =
    Hello { $name },

    { $by } answered the questions that you passed on for { $party }, and handed them back. Open your own link to see them.

## The pages of whoever holds a link

asked-title = { $count ->
    [one] A section for you to answer
   *[other] { $count } sections for you to answer
}
asked-hello = Hello { $name }.
asked-by = { $asker } at { $party } asks you to answer this for { $authority }.
asked-until = You have until { $date }.
asked-remark = { $asker } says:
asked-sections = Your sections
asked-saved = Your answers are saved as you go. You can leave, and come back by the same link.
asked-keep-to-yourself = Whoever has this link can answer in your place. Keep it to yourself.
asked-status-done = Answered
asked-status-partly = Begun
asked-back = Back to your sections
asked-save = Save
asked-save-done = Save, then hand back
asked-done = I am done
asked-pass-on = Pass a section on
asked-passed-on = You passed on
asked-done-title = Hand your answers back
asked-done-about = { $asker } is told, reads your answers, and may ask you again. Until then you cannot change them.
asked-done-about-below = { $asker } is told. Whoever asked them may ask you again. Until then you cannot change your answers.
asked-lacks-nothing = You answered everything that is asked.
asked-lacks = These still need something. You can hand back all the same, if you do not know.
asked-hand-back = Hand back
asked-thanks-title = Thank you
asked-thanks = Your answers went to { $asker }.
asked-thanks-next = You can close this page. If something is lacking, you get another e-mail.
asked-pass-on-title = Pass a section on
asked-pass-on-about = They get a link of their own, to no more than you choose here. { $asker } sees whom you asked. Your own link goes on working.

asked-revoked-title = This link was called back
asked-revoked = Whoever asked you needs no answer by this link any more. Answers that you saved are kept.
asked-handed-in-title = These questions are answered no more
asked-handed-in = The questionnaire was submitted as it was, or it is not needed any more. It cannot be changed by this link.
asked-above-handed-back-title = Your answers were handed back
asked-above-handed-back = Whoever passed these questions on to you handed them back, with your answers. You cannot change them now.
asked-above-taken-title = Your answers were taken
asked-above-taken = Whoever passed these questions on to you handed them back, with your answers, and they were taken. Nothing more is needed from you.
asked-handed-back-title = You handed your answers back
asked-handed-back = They are being read. You cannot change them now.
asked-taken-title = Your answers were taken
asked-taken = Nothing more is needed from you.
asked-expired-title = This link has expired
asked-expired = Its last day is over. Answers that you saved are kept.
asked-whom = If something still has to be changed, ask whoever sent you the link. They can send you another.
