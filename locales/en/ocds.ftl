# What is said of a release of contracting data.
ocds-not-json = Line { $line } holds something that is not JSON. Ask the publisher for the file again.
ocds-not-text = Line { $line } holds bytes that are not UTF-8 text. Ask the publisher for the file again.
ocds-cut-off = What begins on line { $line } breaks off before its end. Get the file again, then import it again.
ocds-too-deep = What begins on line { $line } is nested too deeply to be a release.
ocds-number = What begins on line { $line } holds a number that is too large.
ocds-too-large = What begins on line { $line } is larger than { $mib } MiB, the most that a release may be.
ocds-not-an-object = A release stands here in another form than a JSON object.
ocds-not-a-release = This has nothing of a release.
ocds-missing = { $path } is missing.
ocds-wrong-type = { $path } must be { $expected ->
    [text] a text
    [id] a text or a whole number
    [number] a number
    [list] a list
   *[object] an object
}.
ocds-too-long = { $path } is longer than { $max } characters.
ocds-unknown-tag = The tag “{ $tag }” is not one of the standard's.
ocds-bad-date = { $path } is not a date and time.
ocds-initiation = $.initiationType must be “tender”.
ocds-derived-id = It has no id. It goes by { $id }, made of its process, date and tags.
ocds-repeated = The same release came before in this input.
ocds-duplicate = Another release with the same id but other content came before in this input.
ocds-linked = The record only links this release. Get the release itself and import it.
ocds-empty-record = This record holds no release.
ocds-value-unread = The amount or currency in { $path } cannot be used, so no value is kept.
ocds-date-unread = { $path } is not a date, so none is kept.
ocds-more = { $count } more { $count ->
    [one] thing was
   *[other] things were
} noted.
