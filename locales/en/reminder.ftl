# Reminders of what is due, notices, and how people want to be told.

reminder-task-soon-subject = { $reference }: { $count ->
    [one] a task is due on { $date }
   *[other] { $count } tasks are due on { $date }
}
reminder-task-soon = { $count ->
    [one] A task of this case is to be done by { $date }.
   *[other] { $count } tasks of this case are to be done by { $date }.
}
reminder-task-late-subject = { $reference }: { $count ->
    [one] a task is late
   *[other] { $count } tasks are late
}
reminder-task-late = { $count ->
    [one] A task of this case was to be done by { $date }. Do it now, or write why not.
   *[other] { $count } tasks of this case were to be done by { $date }. Do them now, or write why not.
}
reminder-task-ignored-subject = { $reference }: { $count ->
    [one] a task is { $days } days late
   *[other] { $count } tasks are { $days } days late
}
reminder-task-ignored = { $count ->
    [one] A task of this case was to be done by { $date }. Those who must do it were told. You are responsible for them or for the contract.
   *[other] { $count } tasks of this case were to be done by { $date }. Those who must do them were told. You are responsible for them or for the contract.
}
reminder-case-soon-subject = { $reference } waits for you until { $date }
reminder-case-soon = It stands at “{ $stage }”. Please act by { $date }.
reminder-case-late-subject = { $reference } is late
reminder-case-late = It stands at “{ $stage }” and was due on { $date }. Please act now.
reminder-case-ignored-subject = { $reference } is { $days } days late
reminder-case-ignored = It stands at “{ $stage }” and was due on { $date }. Those for whom it waits were told. You are responsible for them or for the contract.
reminder-case-runs-out-subject = { $reference } waits for you until { $until }
reminder-case-runs-out = It stands at “{ $stage }”, and its time there ends at { $until }. Please act now.
reminder-case-ran-out-subject = { $reference } is late
reminder-case-ran-out = It stands at “{ $stage }”, and its time there ended at { $until }. Please act now.
reminder-case-escalated-subject = { $reference } is late: nobody has acted
reminder-case-escalated = It stands at “{ $stage }”, and its time there ended at { $until }. Those for whom it waits are told too. You are responsible for them or for the contract.

notices-mail-subject = { $count } notices of today
notices-mail-foot = You choose what you are mailed, and when: { $address }

account-notices = Notices, and how you get them
notices-title = Notices
notices-lead = What you were told, latest first, and whether it went out by e-mail.
notices-none = Nothing yet
notices-none-text = When something waits for you, or something that you have part in changes, it stands here.
notices-choose = Choose how you get notices
notices-choose-about = Every notice stands on your page of notices. Choose which of them you also get by e-mail.
notices-always = Links that let you sign in, and warnings about your account, always come by e-mail at once.
notices-sort-hand-over = Something waits for you
notices-sort-hand-over-hint = A case comes to you, you are set a task, or somebody passes you work.
notices-sort-before-due = Something is due soon
notices-sort-before-due-hint = A task or a case is due within days, or an approval nears its end. Tasks and cases come in one e-mail a day at most.
notices-sort-late = Something is late
notices-sort-late-hint = A task or a case is past its day, or work goes on that no approval covers. Tasks and cases come in one e-mail a day at most.
notices-sort-other = Anything else
notices-sort-other-hint = A message was written, a case was closed, work has started.
notices-how-at-once = By e-mail, at once
notices-how-daily = By e-mail, once a day with others
notices-how-page = On the page of notices only
notices-how-missing = Choose how you want to be told of this
notices-hour = When does the e-mail of the day come?
notices-hour-hint = This is the time in { $zone }.
notices-hour-wrong = Choose an hour
notices-save = Save
notices-went-page = On this page only
notices-went-waits = Goes out by e-mail on { $when }
notices-went-sending = Being sent
notices-went-sent = Sent by e-mail on { $when }
notices-went-failed = Not delivered, last tried on { $when }
notices-not-delivered = Not delivered
notices-failed-yours = Some e-mail could not be delivered to you. Ask whoever keeps the accounts whether your address is right.
notices-missed = { $count ->
    [one] A notice about this could not be delivered:
   *[other] Notices about this could not be delivered to { $count } people:
}
notices-missed-whom = { $name }, last tried on { $date }
notices-missed-what = Tell them another way, and have an administrator check the address.
notices-missed-jobs = What could not be sent
home-notices = What you were told lately
home-notices-all = All notices
