case-step-not-now = “{ $step }” cannot be done at the stage “{ $stage }”. Somebody may have moved it on. Load the page again.
case-reason-missing = Say why
case-stale = “{ $title }” was changed while you had this page open. Go back, load the page again, look at the change, and repeat yours.
case-task-stale = The task “{ $title }” was changed meanwhile. Load the page again.
case-message-empty = Write a message
waits-for-supplier = Supplier
waits-for-contract-manager = Contract manager
waits-for-assessor = Security assessor
waits-for-security = Security team
waits-for-management = Management
waits-for-procurement-lead = Procurement lead
waits-for-data-controller = Data controller
waits-for-legal = Legal
waits-for-owner = Owner
waits-for-internal-audit = Internal audit
waits-for-administrator = Administrator
case-words-destroyed = Destroyed. It can no longer be read.

# Who has a case, its thread, tasks, files, history and lists: the same for every kind.
case-task-title = Say what is to be done
case-task-owner-wrong = This person cannot do it. Choose somebody of the side that must.
case-pass-to-wrong = This person cannot have it. Choose somebody for whom its stage waits.
case-hand-over-wrong = This person may not have { $name }. Choose somebody with the right role, or pass that one on by itself.
case-mail-hello = Hello { $name }
case-mail-due = Please act by { $date }.
case-no-reference = Not submitted yet
case-supplier = Supplier
case-contract = Contract
case-who-has-it = Who has it
case-you = You
case-holder = { $name } ({ $role })
case-who-mine = You have taken it on.
case-who-theirs = Somebody has taken it on. You can still act on it.
case-who-nobodys = Nobody has taken it on yet. You can act on it without doing so.
case-take-on = Take it on
case-take-over = Take it over
case-put-back = Put it back
case-pass-to = Pass it to a colleague
case-pass-to-whom = Who gets it?
case-pass-to-missing = Choose who gets it
case-pass-to-do = Pass it on
case-pass-to-none = Nobody else can have it
case-pass-to-none-text = No other person with an account has the role that it waits for.
case-has-now = It is with: { $name }
case-named = { $reference }: { $title }
case-task-named = Task on { $reference }: { $title }
case-due = Due
case-no-due = No date
case-overdue = Overdue
case-nobody = Nobody: nothing waits
case-or = { " or " }
case-somebody = The authority
case-the-service = The service
case-the-authority = The authority
case-tab-overview = Overview
case-tab-tasks = Tasks
case-tab-thread = Messages
case-tab-files = Files
case-file-task = For the task: { $title }
case-tab-history = History
case-your-message = Your message
case-internal = Internal note: only the authority sees it
case-internal-own = Note for your organisation: nobody else sees it, not even the authority
case-send = Send
case-message-withheld = Data about people is masked here.
case-message-show = Show it. That you look is recorded
case-message-essential = Declared essential: { $reason }
case-people = It holds data about people. What is to become of that?
case-people-hint = You can also take it out above.
case-people-mask = Mask it. It is not stored
case-people-essential = It has to stand there. It is shown to the authority’s few who may ask for it, and each look is recorded
case-people-reason = Why does it have to stand there?
case-people-reason-hint = Only if it is not masked. Everybody who reads the message reads this.
case-people-reason-missing = Say why it has to stand there
case-people-own-note = Nobody could read it in a note of your own. Take it out, or have it masked.
case-people-found = This holds data about people: { $kinds }. Take it out, or say what is to become of it.
case-people-out = This holds data about people: { $kinds }. Take it out: everybody who reads the case reads this.
case-thread-empty = No messages yet
case-thread-empty-text = Write one when something is unclear. Both sides see it.
case-task-new = Set a task
case-task-what = What is to be done?
case-task-detail = More about it
case-task-side = Who must do it?
case-task-side-missing = Choose who must do it
case-task-due = By when?
case-task-owner = Anybody in particular?
case-task-owner-hint = Leave this empty if anybody of that side may do it.
case-task-person = { $name }, { $party }
case-task-add = Set the task
case-task-note = What was done? (optional)
case-task-done = Mark as done
case-task-is-done = Done
case-task-open = Open
case-task-dropped = No longer asked for
case-task-late-days = { $days ->
    [one] late by a day
   *[other] late by { $days } days
}
case-task-due-today = due today
case-task-due-days = { $days ->
    [one] due tomorrow
   *[other] due in { $days } days
}
case-task-for-review = A review of the approval
case-task-by = by { $date }
case-tasks-empty = No tasks
case-tasks-empty-text = Nothing is asked of anybody.
case-not-a-date = Enter a real date, such as 27 3 2027
case-stage = Stage
case-all-stages = All
case-reference = Reference
case-title = Title
case-since = At this stage since
case-since-days =
    { $days ->
        [0] { $date } (today)
        [one] { $date } (1 day)
       *[other] { $date } ({ $days } days)
    }
case-whose = Waits for your role
case-whose-any = Any
case-whose-mine = Yours
case-whose-nobodys = Nobody’s yet
case-whose-all = All
case-next = What happens next:
case-you-can = What you can do
case-place = { $contract }: { $party }
# The paragraphs that a reason rests on.
case-source = ({ $source })

# Tasks that are checked.
case-task-checks = The authority checks that it was done
case-task-for-task = A task
case-task-for-condition = A condition of the approval
case-task-for-control = A control that the approval demands
case-task-said = To be checked
case-task-checked = Checked
case-task-lacking = Something is lacking
case-task-note-says = What was done: { $note }
case-task-lacks-says = What is lacking: { $lacks }
case-task-say-done = Say that “{ $title }” is done
case-task-will-be-checked = Attach what shows it, then say that it is done. The authority checks it.
case-task-lacks = What is lacking? (only if it is not done)
case-task-lacks-missing = Say what is lacking
case-task-found-done = Found done
case-task-found-lacking = Something is lacking
case-task-own = You said yourself that this is done. Somebody else checks it.

case-mark = Note
