# Security plans (SEC-8a, SEC-8b, SEC-8e).

nav-plans = Security plans
plan-kind = Security plan
plan-tabs = Pages of this plan
plan-search = Find a plan by reference, title, supplier or contract
plan-none = No security plans here
plan-none-text = A supplier writes its plan once for each contract. A later version comes of a change that was agreed.
plan-hidden = A plan that you may not open
plan-home = Security plans that wait for you
plan-untitled = Security plan of { $party }: { $contract }

stage-plan-draft = Draft
stage-plan-draft-next = The supplier answers the questions and submits the plan.
stage-plan-submitted = Submitted
stage-plan-submitted-next = The security team reads the plan, and agrees it or returns it with points to mend.
stage-plan-returned = Returned
stage-plan-returned-next = The supplier mends each point and submits the plan again.
stage-plan-agreed = Agreed
stage-plan-agreed-next = This is the version to work by. Make sure that everyone who works on the contract knows it. Every change to it is asked for first.
stage-plan-withdrawn = Withdrawn
stage-plan-withdrawn-next = The supplier withdrew this plan. Nothing more is asked of anybody.
stage-plan-discarded = Discarded
stage-plan-discarded-next = This draft was discarded.

step-plan-submit = Submit the plan
step-plan-agree = Agree the plan
step-plan-agree-about = From now on the supplier works by this version, and the one before it is superseded. The audits and tests that it promises become tasks.
step-plan-return = Return it with points to mend
step-plan-withdraw = Withdraw the plan
step-plan-withdraw-about = The authority reads why. You can write another plan later.
step-plan-discard = Discard this draft
step-plan-discard-about = What was answered is gone. You can begin another plan later.

plan-new = Write a security plan
plan-start = Start now
plan-choose-place = Which contract is it for, and whose plan is it?
plan-choose-place-hint = You see your own place in each contract, and those below you. A sub-contractor may have a plan of its own.
plan-choose-place-missing = Choose the contract and the party
plan-start-authority = Suppliers write their plans. Ask yours to sign in and start one.
plan-start-no-contract = You have no place in a contract yet, so you cannot write a plan. Ask your contract manager.
plan-open-already = “{ $title }” is being written for this place already. Go on with that one.
plan-open-meanwhile = “{ $title }” is being written for this place. Decide on it first.
plan-change-first = Version { $number } of this plan is agreed. Ask for a change; the agreed change makes the next version.
plan-waited-for = An agreed change waits for this version, so it cannot be given up. Mend it and submit it.
plan-continue = Answer the questions
plan-not-submitted = This plan has not been submitted yet.
plan-of-change = This version comes of a change that was agreed. Mend what the change touches, and leave the rest as it stands.
plan-of-change-sections = { $count ->
    [one] One section that the change names waits for you: open it, mend it and save.
   *[other] { $count } sections that the change names wait for you: open each, mend it and save.
  }
plan-carried-here = These answers come from the version in force. Change what the agreed change makes different, and save.
plan-carried-first = Go through these sections first. The agreed change names them:

plan-declaration = What the plan says is what we do, and everyone below us whom it binds will work by it.
plan-declaration-about = You submit for your organisation and for everyone below it in the contract.
plan-sent = Your security plan has arrived
plan-sent-warning = Work by the version that was agreed last, until this one is.
plan-follow = Follow your plan

plan-version = Version
plan-version-number = Version { $number }
plan-version-next = The next version
plan-agreed-on = Agreed on
plan-paper-title = Security plan: { $title }
plan-paper-sent = Handed in on
plan-paper-not-agreed = Not agreed
plan-agreed-why = Why it was agreed
plan-agree-reason = Why do you agree it?
plan-agree-reason-hint = The supplier reads this.
plan-withdraw-reason = Why do you withdraw it?
plan-withdraw-reason-hint = The authority reads this.
plan-mark = Version { $number }, to work by
plan-mark-superseded = Version { $number }, superseded
plan-superseded = Version { $number } took the place of this one. Work by that.
plan-see-version = Read version { $number }
plan-see-change = The change that this version comes of
plan-see-compare = What differs from version { $number }
plan-compare = What differs
plan-test-title = { $kind }: { $scope }
plan-test-detail = As the plan says: by { $by }. { $every }. Attach the report, and say what follows from it.

blocker-plan-proposal-open = The proposal for the work abroad is not decided yet: { $reference }. Plan and proposal take effect together.
blocker-plan-proposal-declined = The proposal { $reference } for the work abroad was declined. Withdraw the change, or tie another proposal to it.
blocker-plan-proposal-withdrawn = The proposal { $reference } for the work abroad was withdrawn. Withdraw the change, or tie another proposal to it.
refusal-sub-contractor-never-submits-plans = The lead contractor submits plans, for itself and for everyone below it. Ask it to submit this one.
refusal-member-never-submits-plans = Your organisation’s lead submits plans. Ask them to submit this one.

plan-mail-turn-subject = { $reference } waits for you
plan-mail-turn = The security plan { $reference } has come to the stage “{ $stage }”. It waits for you or someone with your role.
plan-mail-received-subject = { $reference } has arrived
plan-mail-received = Your security plan has arrived. Its reference is { $reference }.
plan-mail-returned-subject = { $reference } was returned to you
plan-mail-returned = The authority returned your security plan { $reference } with points to mend.
plan-mail-agreed-subject = { $reference } is agreed
plan-mail-agreed = The authority agreed your security plan { $reference }. Work by it from now on, and make it known to everyone who works on the contract.
plan-mail-closed-subject = { $reference }: { $stage }
plan-mail-closed = The security plan { $reference } is closed. Its outcome: { $stage }.
plan-mail-written-subject = { $reference }: a new message
plan-mail-written = Somebody wrote a message about the security plan { $reference }.
plan-mail-passed-subject = { $reference } was passed to you
plan-mail-passed = The security plan { $reference } is yours now. Its stage: { $stage }.
plan-mail-task-subject = { $reference }: a task for you
plan-mail-task = A task about the security plan { $reference } was set for you.
plan-mail-lacking-subject = { $reference }: something is lacking
plan-mail-lacking = The authority checked a task about the security plan { $reference } and found something lacking.

moment-plan-begin = Begun
moment-plan-submit = Submitted
moment-plan-return = Returned with points to mend
moment-plan-agree = Agreed
moment-plan-paper = Paper made
moment-plan-supersede = Superseded by a later version
moment-plan-withdraw = Withdrawn
moment-plan-discard = Draft discarded
moment-plan-take-on = Taken on
moment-plan-put-back = Put back
moment-plan-pass-to = Passed to a colleague
moment-plan-pass-task = Task passed on
moment-plan-message = Message written
moment-plan-note = Internal note written
moment-plan-reveal = Sealed answer shown
moment-plan-task = Task set
moment-plan-finish-task = Task done
moment-plan-check-task = Task checked
moment-plan-ask-readers = People asked to read it
moment-plan-remind-readers = People reminded to read it
moment-plan-acknowledge = Somebody read it, and said so

## Who knows it

plan-tab-readers = Who knows it
plan-readers = Who knows this version
plan-readers-about = Everyone who works on the contract must know the plan. Each person gets a link, reads it and says so; no account is needed.
plan-readers-known-to = The plan says that about { $number } people must know it.
plan-readers-known = Known to
plan-readers-nobody-yet = Nobody was asked yet
plan-readers-share = { $read } of { $asked } ({ $percent } %)
plan-readers-none = Nobody was asked yet
plan-readers-none-text = The supplier enters the people who work by this plan. Each of them gets a link by e-mail.
plan-readers-name = Name
plan-readers-asked = Asked on
plan-readers-read = Read on
plan-readers-not-yet = Not yet
plan-readers-remind = Remind those who have not
plan-readers-ask = Ask people
plan-readers-people = Who is to read it?
plan-readers-people-hint = One a line: name, e-mail address. Whoever was asked before is not asked twice. Each is reminded every week, three times at most.
plan-readers-send = Send the links
plan-reader-line-wrong = Line { $line } is not a name and an e-mail address, parted by a comma
plan-reader-nobody = Enter at least one person
plan-reader-known = All of these were asked already
plan-reader-most = At most { $most } people can be asked of one version
plan-reader-not-in-force = Only the version to work by is made known. Open that one.
plan-reader-none-to-remind = Everybody has read it, or was written to today already.
plan-reader-mail-subject = Please read: { $title }, version { $number }
plan-reader-mail =
    Dear { $name },

    you work for { $party } on a contract of { $authority }. Everyone who does must know its security plan. Please read version { $number } and say that you have:

    { $link }

    The link is for you alone. You need no account.
plan-reader-lead = This is version { $number } of the security plan of { $party }. Read it, and say so at the end.
plan-reader-declare = I have read this plan, and I know my part in it.
plan-reader-do = I have read it
plan-reader-done = Thank you
plan-reader-done-text = It is recorded that you have read the plan. When a later version is agreed, you get another link.
plan-reader-done-on = You said on { $date } that you have read it.
plan-reader-later = There is a later version
plan-reader-later-text = Another version of this plan was agreed. A link to it was sent to you; read that one.

## What was added elsewhere

plan-prompts = Added since, and not told of yet
plan-prompts-about = What you added may change what this plan says. Tell the authority that you consider it, or ask for the change.
plan-prompts-about-authority = What the supplier added may change what this plan says. It is asked to tell of it, or to ask for the change.
plan-prompt = { $what }, on { $date }.
plan-prompt-named = { $what }, on { $date }:
plan-prompt-site = A site was added
plan-prompt-information-system = A system was added
plan-prompt-transfer-route = A transfer route was added
plan-prompt-place = A party joined the chain
plan-prompt-arrangement = Work abroad was entered
plan-prompt-subprocessor = A sub-processor was added
plan-prompt-notify = Tell of it
plan-prompt-request = Ask for the change
moment-plan-prompt = Something was added that may change the plan
plan-mail-prompted-subject = { $reference }: something was added that may change the plan
plan-mail-prompted = Something was added that may change the security plan { $reference }. Open the plan to see what: the supplier tells of it, or asks for the change.
plan-prompts-notify = Tell of all of it
plan-prompts-request = Ask for all of it
plan-barred = This version cannot be agreed yet:
plan-proposal-unsubmitted = A proposal that is not submitted yet
moment-plan-follow = Begun by an agreed change
plan-readers-do = Change
plan-readers-end = No longer
