# A form as a workbook: taken out, filled in, brought back. Cells are called as a spreadsheet calls them.

workbook-sheet-start = Read first
workbook-sheet-answers = Answers

## In the workbook

workbook-section = Section
workbook-id = Id
workbook-question = Question
workbook-help = Help
workbook-kind = What to enter
workbook-allowed = Allowed answers
workbook-answer = Answer
workbook-note = Note
workbook-entry = Entry
workbook-entry-help = A row for each. Leave this number as it is; leave it empty in new rows.
workbook-required = Needed before the form can be submitted.
workbook-see-sheet = Answer this on the sheet “{ $sheet }”.
workbook-sealed = Answered and sealed, so not taken out. Leave it empty to keep it.
workbook-too-long-for-cell = Too long for a cell, so not taken out. Leave it empty to keep it.
workbook-file-stays = The uploaded file stays as it is.

workbook-kind-text = Text on one line, at most { $most } characters
workbook-kind-lines = Text, at most { $most } characters
workbook-kind-number = A number
workbook-kind-whole-number = A whole number
workbook-kind-amount = An amount, such as 1250.50
workbook-kind-date = A date, such as 2027-03-27
workbook-kind-time = A time on a 24-hour clock, such as 14:30; nothing if it is not known
workbook-kind-one = One of the allowed answers
workbook-kind-several = Any of the allowed answers, one on each line
workbook-allowed-many = One of { $count }: see the list in the cell
workbook-between = From { $min } to { $max }
workbook-least = { $min } or more
workbook-most = { $max } or less

workbook-start-of = This is the form of { $case }, taken out of Vouchsafe.
workbook-start-fill = Fill in the yellow cells of the sheet “Answers”. Each row is a question. The column “Allowed answers” says what may stand there.
workbook-start-groups = What may be given several times has a sheet of its own. Each row there is one entry.
workbook-start-empty = An empty cell changes nothing. To take an answer away, do it on the page.
workbook-start-formulas = Enter values, not formulas. A cell with a formula is not read. Do not join cells.
workbook-start-sealed = Sealed answers are not in this workbook. Leave their cells empty to keep them.
workbook-start-files = Upload files on the page. Here you can only describe a paper that cannot be uploaded.
workbook-start-back = When you are done, bring the workbook back on the page that you took it from. You see what changes before anything is saved.

## What is wrong with the file

workbook-not-one = Choose an Excel workbook that ends in .xlsx. This file is not one, or it is damaged.
workbook-old = Save the workbook as .xlsx without a password, and choose it again. This file is of an older kind, or locked.
workbook-not-ours = Choose the workbook that you took out here. This one lacks the sheet that says which form it is.
workbook-too-large = Choose a workbook of { $mib } MiB or less.
workbook-unpacked = Choose a smaller workbook. This one grows to more than { $mib } MiB when it is opened.
workbook-many-sheets = Take out sheets of your own. A workbook may have { $most }.
workbook-many-rows = Take out rows from the sheet “{ $sheet }”. It has more than { $most }.
workbook-many-cells = Take out cells that are not ours from the sheet “{ $sheet }”. It has more than we read.
workbook-sheet-broken = Save the workbook again in your spreadsheet, and choose it again. The sheet “{ $sheet }” cannot be read.
workbook-other-form = Choose the workbook of this form. This one is of another form, for { $called }.
workbook-other-edition = Take the form out again. This workbook is of edition { $theirs }; the case answers edition { $ours }.
workbook-other-case = Choose the workbook of this case. This one was taken out of { $called }.

## What is wrong in a cell

workbook-sheet-missing = Put the sheet “{ $sheet }” back, or take the form out again. It is missing.
workbook-heads-missing = Put the headings “{ $id }” and “{ $answer }” back into the first row.
workbook-merged = Split the joined cells { $range }, so that each answer has a cell of its own.
workbook-no-id = Put the id of the question back. Without it nobody knows which question this answers.
workbook-unknown-id = Correct the id “{ $id }”. This form has no such question.
workbook-id-twice = Keep “{ $id }” once. The workbook answers it twice.
workbook-formula = Enter the value itself. The cell holds a formula, and formulas are not read.
workbook-error-value = Enter an answer. The cell holds the error { $code }.
workbook-day-not-number = Enter a number. The cell holds the date { $day }.
workbook-number-not-day = Enter a date, such as 2027-03-27. The cell holds a number.
workbook-day-not-time = Enter a time, such as 14:30. The cell holds the date { $day }.
workbook-number-not-time = Enter a time, such as 14:30. The cell holds a number.
workbook-time = Enter an answer of the kind asked for. The cell holds the time { $time }.
workbook-time-apart = Enter the time { $time } in the cell for the time, and here the date alone.
workbook-truth = Enter an answer of the kind asked for. The cell holds TRUE or FALSE.
workbook-control-characters = Retype the answer. It holds characters that cannot be shown.
workbook-entry-number = Put the number of the entry back as it was, or empty the cell to add a new entry.
workbook-entries-moved = Take the form out again for this sheet. Entries were added or taken out on the page since.

## The pages

workbook-title = The form as a workbook
workbook-lead = Fill the form in with a spreadsheet, alone or with colleagues, and bring it back here.
workbook-out-title = Take the form out
workbook-out-text = You get an Excel workbook with every question and the answers so far. Sealed answers and files stay here. That you took it is recorded in the history.
workbook-out-go = Take the form out as a workbook
workbook-in-title = Bring a workbook back
workbook-in-text = You see what would change before anything is saved. An empty cell changes nothing.
workbook-file = The workbook
workbook-file-hint = The .xlsx file that you took out here and filled in.
workbook-file-missing = Choose the workbook.
workbook-in-go = Read the workbook
workbook-back = All sections
workbook-link = Fill the form in with a spreadsheet
workbook-preview = Check what the workbook changes
workbook-nothing = The workbook changes no answer.
workbook-nothing-good = None of its changes can be saved yet. Correct the cells and bring it back.
workbook-problems = Correct these cells
workbook-problems-count = { $count ->
    [one] { $count } cell cannot be saved. Nothing is saved yet.
   *[other] { $count } cells cannot be saved. Nothing is saved yet.
}
workbook-problems-what = Correct them in the workbook and bring it back. Or save the other changes now: these cells then stay as they are here.
workbook-changes = { $count ->
    [one] { $count } answer changes
   *[other] { $count } answers change
}
workbook-cell = Cell
workbook-what = What to do
workbook-now = Now
workbook-then = From the workbook
workbook-meanwhile = Answered on the page since you took the form out.
workbook-not-asked = Not asked as the other answers are. It is kept in case it will be.
workbook-emptied = { $count ->
    [one] { $count } cell was emptied. Its answer stays; take it away on the page.
   *[other] { $count } cells were emptied. Their answers stay; take them away on the page.
}
workbook-save = Save these answers
workbook-save-good = { $count ->
    [one] Save { $count } answer without the cells to correct
   *[other] Save { $count } answers without the cells to correct
}
workbook-again = Bring another workbook
workbook-stale = Somebody else changed “{ $section }” while you were looking. Nothing was saved. Bring the workbook back again to see both.
workbook-at = { $sheet }, { $cell }
