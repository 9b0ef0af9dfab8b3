# Why a file could not be read, with what to do about it.
extract-too-large = The file is larger than { $mib } MiB. Send a smaller one.
extract-too-much-text = The file holds more than { $mib } MiB of text. Split it.
extract-unpacks = The file unpacks to far more than it is. Save it again, or send its content in another form.
extract-too-many-parts = The file is made of more than { $most } parts. Send its content in several files.
extract-too-deep = The file nests too deeply. Send what is inside as files of their own.
extract-too-many-pages = The file has more than { $most } pages. Split it.
extract-too-intricate = The file’s pages are too intricate to be read. Print it to a new PDF, or send its text.
extract-locked = The file is locked. Save it without a password and without restrictions.
extract-old-office = The file has an old form of Office, or is locked. Save it as DOCX or XLSX without a password.
extract-picture = The file is a picture, whose words cannot be read. Somebody has to look at it.
extract-no-text = { $count ->
    [one] One page has no text that can be read: a picture, shapes of letters, or nothing. Somebody has to look at it.
   *[other] { $count } pages have no text that can be read: pictures, shapes of letters, or nothing. Somebody has to look at them.
}
extract-archive = The file is an archive. Send what is inside as files of their own.
extract-unknown = The file is neither text nor PDF, Word (DOCX), Excel (XLSX) or e-mail (EML). Save it as one of those.
extract-broken = The file is broken, or is not the { $kind } that it begins as. Save it again.
extract-slow = Reading the file took longer than { $seconds } seconds. Print it to a new PDF, or send its text.
extract-failed = Reading the file failed, or needed too much memory. Save it again, or send its content in another form.
extract-kind-text = text
extract-kind-pdf = PDF
extract-kind-docx = Word document
extract-kind-xlsx = Excel workbook
extract-kind-eml = e-mail
