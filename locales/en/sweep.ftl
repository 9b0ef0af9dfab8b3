nav-sweeps = Sweeps
nav-sweep-answers = Asked of you
sweep-list = Sweeps
sweep-list-lead = A sweep asks suppliers whether they are affected too. Each answers for itself, and reads nothing of the others.
sweep-list-about = Sweeps that followed from { $reference }.
sweep-list-all = See all sweeps
sweep-incident-see = See the incident
sweep-none = No sweeps yet
sweep-none-text = When something happened at one supplier, ask the others whether it happened to them as well.
sweep-new = Ask suppliers
sweep-new-lead = Ask one question of some suppliers or of all, with a day by which to answer.
sweep-new-because = It follows from { $reference }. Nobody who is asked learns of that, unless your words say so.
sweep-title = Sweep
sweep-due = Answer by
sweep-due-by = Answer by { $day }.
sweep-state = State
sweep-running = Open
sweep-ended = Ended
sweep-ended-why = Why it was ended
sweep-head-answered = Answered
sweep-head-affected = Affected
sweep-head-late = Late
sweep-answered-of = { $number } of { $asked }
sweep-ask-title = What is it about?
sweep-ask-title-hint = A few words. Suppliers read them above the question.
sweep-ask-question = Your question
sweep-ask-question-hint = Say what to look for and how, so that a supplier can answer at once. Name nobody else.
sweep-ask-due = By which day should they answer?
sweep-ask-whom = Whom do you ask?
sweep-ask-whom-text = Every supplier and sub-contractor that works under a contract now. Narrow that down by any of these.
sweep-ask-contract = Only those under this contract
sweep-ask-country = Only those with something in this country
sweep-ask-country-hint = They are based there, have a site in use there, or do work there.
sweep-ask-tier = Only those at this tier
sweep-ask-tier-hint = 1 for leads, 2 for who works for them.
sweep-ask-preview = See who is asked
sweep-preview = Check who is asked
sweep-preview-text = { $count ->
    [1] You are about to ask 1 supplier, to be answered by { $day }.
   *[other] You are about to ask { $count } suppliers, to be answered by { $day }.
  }
sweep-preview-nobody = { $count ->
    [1] 1 of them has nobody here. Ask it by telephone or letter, and enter its answer.
   *[other] { $count } of them have nobody here. Ask these by telephone or letter, and enter their answers.
  }
sweep-preview-reads = This is all that they read. They do not learn who else is asked.
sweep-preview-more = { $count } more are asked too. Narrow it down to see them here.
sweep-without = Leave out
sweep-without-hint = Tick those who need not be asked. Whoever reported the incident is ticked.
sweep-party-nobody = { $party } (nobody here)
sweep-send = Ask them
sweep-back = Change
sweep-title-missing = Enter what it is about
sweep-people-out = This holds data about people: { $kinds }. Take it out: everybody who is asked reads it. Of an address, the part after the @ may do.
sweep-question-missing = Enter your question
sweep-due-past = Enter a day that is not over
sweep-tier-wrong = Enter a tier from 1 to { $most }
sweep-nobody = Nobody works there now. Choose another contract, country or tier.
sweep-many = More than { $most } would be asked. Narrow it down by contract, country or tier.
sweep-stale = Somebody changed this sweep meanwhile. Look at it again.
sweep-answer-stale = Somebody changed this answer meanwhile. Look at it again.
sweep-among = Asked are
sweep-among-all = All suppliers that work under a contract
sweep-among-contract = those under { $contract }
sweep-among-country = those with something in { $country }
sweep-among-tier = those at tier { $tier }
sweep-asked = How many
sweep-asked-number = { $asked ->
    [1] 1 supplier
   *[other] { $asked } suppliers
  }
sweep-opened = Opened
sweep-by = { $name }, { $when }
sweep-because = Because of
sweep-question = The question
sweep-question-yours = { $authority } asks
sweep-answers = Answers to sweeps
sweep-answers-see = See the answers
sweep-answers-none = No answers yet
sweep-answers-none-text = Nobody was asked anything yet.
sweep-answers-none-so = Nothing here fits
sweep-answers-none-so-text = There is no answer of this kind. Choose another filter.
sweep-asked-you = Asked of you
sweep-asked-you-lead = The authority asks whether you are affected by something. Answer each question by its day.
sweep-asked-you-none = Nothing is asked of you
sweep-asked-you-none-text = When the authority asks whether you are affected by something, the question stands here and you get a notice.
sweep-filter-all = All
sweep-late = Late
sweep-is-late = Late
sweep-yes = Yes
sweep-no = No
sweep-head-party = Supplier
sweep-head-answer = Answer
sweep-head-until = By when
sweep-head-incident = Report
sweep-head-question = Question
sweep-head-said = How it knows
sweep-reported = Reported
sweep-not-reported = Not reported yet
sweep-nobody-here = nobody here
sweep-nobody-here-text = { $party } has nobody here. Ask by telephone or letter, and enter the answer on its behalf.
sweep-answer-awaited = Not answered
sweep-answer-yours = To answer
sweep-answer-affected = Affected
sweep-answer-not-affected = Not affected
sweep-answer-not-known = Not known yet
sweep-answer-missing = Choose an answer
sweep-answer-of = What { $party } answers
sweep-answered = The answer
sweep-given = Answered
sweep-on-behalf = Entered by
sweep-on-behalf-text = The authority, on behalf of the supplier
sweep-over = Ended
sweep-over-text = The authority ended this. No answer is awaited any more.
sweep-give-title = Your answer
sweep-give-again = Change the answer
sweep-give-text = Answer for your own organisation. You can change it until the authority ends this.
sweep-give-behalf = You answer on behalf of the supplier, which has nobody here.
sweep-give = Are you affected?
sweep-give-affected = Yes, we are affected
sweep-give-not-affected = No, we are not
sweep-give-not-known = We do not know yet
sweep-give-said = How do you know?
sweep-give-said-hint = What you looked at and what you found. If you are not affected, this is needed. Leave out names, addresses and numbers of people.
sweep-give-until = By when will you know?
sweep-give-until-hint = Only if you do not know yet.
sweep-give-incident = An incident that you reported already
sweep-give-incident-hint = Only if you are affected and have reported it. Else you report it next.
sweep-give-mask = Mask what was found
sweep-give-send = Send the answer
sweep-said-missing = Say how you know that you are not affected
sweep-said-people = This holds data about people: { $kinds }. Take it out, or tick the box below to have it masked.
sweep-until-missing = Enter the day by which you will know, today or later
sweep-incident-wrong = Choose an incident of this supplier
sweep-report = Report the incident
sweep-report-next = Report it now
sweep-report-text = You are affected, so report what happened. It takes six answers, and is tied to this one by itself.
sweep-report-text-behalf = The supplier is affected. Enter what it told you, at the place where it happened. It is tied to this answer by itself.
sweep-remind = Remind them
sweep-remind-text = { $count ->
    [1] 1 supplier has not answered for good. It gets a notice.
   *[other] { $count } suppliers have not answered for good. They get a notice, each once a day at most.
  }
sweep-reminded-all = Everybody who has not answered was reminded within a day. Try again tomorrow, or telephone.
sweep-end = End the sweep
sweep-end-text = No more answers are taken then. Whoever has not answered is told that none is awaited.
sweep-end-reason = Why do you end it?
sweep-reason-missing = Say why you end it
sweep-mail-asked-subject = { $authority } asks you something
sweep-mail-asked = { $authority } asks whether you are affected by something. Please answer by { $day }.
sweep-mail-reminded-subject = { $authority } waits for your answer
sweep-mail-reminded = { $authority } still waits for your answer to whether you are affected by something. It is due by { $day }.
sweep-mail-soon-subject = An answer is due by { $day }
sweep-mail-soon = { $authority } asks whether you are affected by something. Your answer is due by { $day }.
sweep-mail-late-subject = Your answer is late
sweep-mail-late = { $authority } asked whether you are affected by something. Your answer was due by { $day }. Please answer now.
sweep-mail-ended-subject = An answer is no longer awaited
sweep-mail-ended = { $authority } asked whether you are affected by something. That was ended, and no answer is awaited.
sweep-mail-affected-subject = A supplier is affected too
sweep-mail-affected = A supplier that you asked answered that it is affected.
sweep-mail-overdue-subject = Answers to your sweep are late
sweep-mail-overdue = Suppliers that you asked have not answered by their day. See who, and remind them.
timeline-sweep-open = { $asked ->
    [1] Asked 1 supplier
   *[other] Asked { $asked } suppliers
  }
timeline-sweep-remind = { $reminded ->
    [1] Reminded 1 supplier
   *[other] Reminded { $reminded } suppliers
  }
timeline-sweep-end = Ended
timeline-sweep-answer-give = Answered: { $answer }
timeline-sweep-answer-give-for = Answered on behalf of the supplier: { $answer }
timeline-sweep-answer-report = Reported the incident
home-sweeps = Questions for you to answer
home-sweep = { $title }: answer by { $day }
home-sweep-late = { $title }: late, it was due by { $day }
home-sweep-until = { $title }: say for good by { $day }
home-sweep-report = { $title }: report the incident
home-sweeps-late = { $count ->
    [1] 1 answer is late
   *[other] { $count } answers are late
  }
incident-sweeps = Ask other suppliers whether they are affected too
