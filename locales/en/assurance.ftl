### The ledger, its export, alarms, and jobs that failed.

nav-ledger = Ledger
nav-jobs = Failed jobs

ledger-title = Ledger
ledger-lead = Every change and every refusal is here, newest first. Nobody can change an entry without a trace.
ledger-show = Show
ledger-all = All entries
ledger-refusals = Refusals
ledger-exports = Exports
ledger-only = Only { $what }
ledger-none = There are no such entries.
ledger-bad-filter = This address is not complete. Go back to the ledger and select what to show.
ledger-caption = Entries
ledger-entry = Entry
ledger-when = When
ledger-actor = Who
ledger-action = What
ledger-thing = To what
ledger-about = With
ledger-checkpoints = Latest checkpoints
ledger-no-checkpoints = No checkpoint was made yet.
ledger-size = Entries
ledger-signed = Signed
ledger-sent = Left this machine
ledger-not-sent = Not yet
ledger-verify = How to verify
ledger-verify-how = An operator exports the ledger on the server. You verify the copy on your own machine, with the key below and a checkpoint that you kept.
ledger-fingerprint = Fingerprint of the key
ledger-key = Key

jobs-title = Failed jobs
jobs-lead = The service gave these up. Mend the cause, then try again.
jobs-none = No job failed for good.
jobs-kind = Job
jobs-for = For
jobs-failed = Given up
jobs-tries = after { $count ->
    [one] 1 try
   *[other] { $count } tries
}
jobs-error = Why
jobs-retry = Try again

alarm-mail-subject = Repeated refusals
alarm-mail =
    Vouchsafe refused one actor { $count } times within { $minutes } minutes.
    Actor: { $kind } { $id }
    See what was tried: { $link }
    Decide whether this is a mistake, a missing right or an attack.
