### Accounts: signing in, one's own login, the people of the service.

nav-accounts = People

role-administrator = Administrator
role-security = Security
role-contract-manager = Contract manager
role-assessor = Assessor
role-procurement-lead = Procurement lead
role-owner = Owner
role-management = Management
role-legal = Legal
role-data-controller = Data controller
role-internal-audit = Internal audit
role-supplier-lead = Supplier lead
role-supplier-member = Supplier member

## Passwords

password-too-short = Use { $min } characters or more. Three or four words that do not belong together work well.
password-too-long = Use { $max } characters or fewer.
password-about-you = This holds your name or address and is easy to guess. Choose words that have nothing to do with you.
password-easy = This is easy to guess. Add another word or two that do not belong together.

## Signing in

account-sign-in = Sign in
account-sign-in-start = Start again
account-sign-in-wrong = The e-mail address or the password is wrong. Check both and try again.
account-sign-in-over = Your access has ended. Ask whoever invited you.
account-sign-in-no-role = You have no role here any more. Ask whoever invited you.
account-no-account = No account yet? Ask your contact for an invitation.
account-email = E-mail address
account-email-missing = Enter an e-mail address
account-email-wrong = Enter an e-mail address in the right form, such as name@company.example
account-password = Password
account-password-missing = Enter your password
account-password-wrong = This is not your present password. Try again.
account-continue = Continue
account-code = Code
account-code-hint = Enter the 6 digits from your authenticator app, or one of your recovery codes
account-code-wrong = This code is wrong or was used before. Wait for the next code and enter that.
account-too-many = There were too many tries. Try again in { $wait }. You can also set a new password by e-mail.
account-too-many-codes = There were too many tries. Try again in { $wait }.
account-wait-seconds = { $seconds } { $seconds ->
    [one] second
   *[other] seconds
}
account-wait-minutes = { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
}
account-again = Sign in again
account-again-why = What you are about to do is weighty. Show again that it is you.
account-again-demo = This is the demonstration. Accounts here have no password. Select Continue.
account-forgotten-link = I forgot my password
account-forgotten = Set a new password
account-forgotten-how = Enter your e-mail address. We send you a link to set a new password.
account-forgotten-send = Send the link
account-forgotten-done = Look at your e-mail
account-forgotten-done-text = If { $email } has an account, a link is on its way. It works for one hour.
account-forgotten-done-else = Nothing came? Look among unwanted mail, then ask whoever invited you.
account-link-ended-title = This link has ended
account-link-ended = The link was used before, is too old, or a newer one replaced it.
account-link-ended-again = Send me a new link
account-password-choose = Choose a password
account-password-for = For { $name }, { $email }.
account-new-password = New password
account-new-password-hint = { $min } characters or more. Three or four words that do not belong together are easy to remember and hard to guess.
account-password-save = Save the password

## Your account

account-name = Name
account-name-hint = As it should appear beside decisions
account-name-missing = Enter the person's name
account-acting = Acting as
account-change = Change
account-read-only-note = This account can read, and change nothing.
account-present-password = Present password
account-password-change = Change your password
account-password-change-note = Everywhere else you will be signed out.
account-second-factor = Second factor
account-second-factor-why = Signing in will then need your password and a code from your telephone.
account-second-factor-on = On. { $left } { $left ->
    [one] recovery code
   *[other] recovery codes
} left.
account-second-factor-off = Off
account-second-factor-step-1 = Open an authenticator app on your telephone.
account-second-factor-step-2 = Scan this picture, or type in the secret under it.
account-second-factor-step-3 = Enter the 6 digits that the app shows.
account-second-factor-picture = The secret as a QR code
account-second-factor-secret = Secret:
account-second-factor-turn-on = Turn on
account-second-factor-turn-off = Turn off
account-second-factor-demanded = Everybody here needs a second factor. You cannot turn yours off.
account-second-factor-none = This account has no second factor.
account-recovery = Recovery codes
account-recovery-what = If you lose your telephone, sign in with one of these. Each works once.
account-recovery-once = You see these codes only now. Keep them in a safe place.
account-recovery-kept = I have kept them
account-recovery-new = Make new recovery codes
account-sessions = Where you are signed in
account-sessions-end-all = Sign out everywhere
account-session-browser = Browser
account-session-since = Since
account-session-seen = Last used
account-session-do = What you can do
account-session-end = Sign out
account-session-this = This one
account-session-unknown = Unknown
account-switch = Act as
account-switch-missing = Choose one of your roles

## People

account-find = Name or e-mail address
account-find-hint = Names are sealed, so enter whole words. Part of a word finds nobody.
account-none = Nobody found
account-none-text = Change the words or the state you look for.
account-roles = Roles
account-role = Role
account-role-missing = Choose a role
account-role-wrong = People of this party cannot have this role. Choose another.
account-role-held = This person has this role already.
account-role-end = End role
account-role-ended = This role has ended already.
account-party = Party
account-party-missing = Choose a party
account-state = State
account-state-all = All
account-state-active = Active
account-state-invited = Invited
account-state-closed = Closed
account-state-over = Ended
account-since = Since
account-until = Until
account-ends = Last day
account-ends-hint = For visitors such as an external auditor, for example 31 3 2026
account-ends-never = No last day
account-ends-past = The last day must be today or later
account-ends-wrong = Enter a real date, such as 31 3 2026
account-read-only = Reads only
account-read-only-ask = May read and change nothing, such as an external auditor
account-invite = Invite somebody
account-invite-send = Send the invitation
account-invite-again = Send the invitation again
account-not-invited = This person has accepted the invitation already.
account-email-taken-by-full = This person has an account already. Use another address for an account with a last day.
account-email-closed = This account was closed. Ask the authority to open it again.
account-take-second-factor = Take the second factor off
account-close = Close the account
account-closed-already = This account is closed already.
account-last-administrator = This is the last administrator. Make somebody else administrator first.
account-first-exists = The service has an administrator already. Ask them for an invitation.
account-stale = Somebody changed this account meanwhile. Open its page again and repeat your change.
account-hand-over = Hand over open work
account-hand-over-of = Hand over the work of { $name }
account-hand-over-what = All of this goes to the person you choose.
account-hand-over-to = Who takes over
account-hand-over-to-wrong = Choose a person of the same party who can take over
account-hand-over-do = Hand over
account-hand-over-none = Nothing to hand over
account-hand-over-none-text = This person has no open work.

refusal-not-ones-own-account = You cannot do this to your own account. Ask another administrator.
refusal-no-role-for-oneself = You cannot give yourself a role. Ask another administrator.
refusal-read-only-account = Your account can read, and change nothing.

## Messages

account-mail-invitation-subject = Your invitation to { $service }
account-mail-invitation =
    Dear { $name },

    { $authority } invites you to { $service }.

    Open this link to choose a password. It works once, for { $days } days:

    { $link }

    If you do not expect this, do nothing.
account-mail-reset-subject = Set a new password for { $service }
account-mail-reset =
    Dear { $name },

    Somebody asked for a new password for your account at { $service }.

    Open this link to set one. It works once, for { $minutes } minutes:

    { $link }

    If it was not you, do nothing. Your password stays as it is.
account-role-for = { $role }, for { $name }
account-mail-role-subject = Your new role in { $service }
account-mail-role =
    You have a new role in { $service }: { $role } at { $party }.

    Sign in and switch to it under your name:

    { $link }

## Tokens

account-tokens = Tokens for programs
account-tokens-lead = A token lets a program act for you through the API. It can do no more than you can, and only what you tick.
account-tokens-docs = How programs use the API
account-tokens-none = You have no tokens
account-tokens-none-text = Make one for each program, so that you can revoke it alone.
account-tokens-too-many = You have { $max } working tokens, the most that an account may have. Revoke one first.
account-token-make = Make a token
account-token-name = Name
account-token-name-hint = For example, the program that will use it
account-token-name-missing = Enter a name, so that you know the token again
account-token-scopes = What it may do
account-token-scopes-hint = It never does more than your role may
account-token-scopes-missing = Tick at least one thing that the token may do
account-token-days = How long it works
account-token-days-choice = { $days } days
account-token-days-wrong = Choose between 1 and { $max } days
account-token-until = Works until
account-token-seen = Last used
account-token-unused = Not used yet
account-token-over = Time is over
account-token-end = Revoke
account-token-acts = It acts for you as { $acting }, and ends when this role ends.
account-token-made = Your new token
account-token-once = Copy the token now. You will not see it again.
account-token-how = Send it with each request, in the header Authorization.
account-token-kept = I have kept it
account-scope-registers-read = Read parties, contracts, sites and imports
account-scope-registers-write = Read and change parties, contracts, sites and imports
account-scope-cases-read = Read proposals
account-scope-cases-write = Read proposals, answer them and take steps
account-scope-duties-read = Read duties and their evidence
account-scope-duties-write = Read duties and record evidence
account-scope-administration-read = Read accounts, the ledger and failed jobs
account-scope-administration-write = Read and keep accounts, the ledger and failed jobs
account-only-administrator = Only an administrator makes accounts that only read or have a last day.
