//! The pieces of the screens: a file as people read of it, tables of them, and the form that sends one.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::cx::Cx;
use crate::error::{FieldErrors, Result};
use crate::files::attach::{Attached, File};
use crate::files::held::Held;
use crate::files::kind;
use crate::files::rows::Model;
use crate::texts::Text;
use crate::ui::{self, ButtonKind, Check, Column, Fact, Field, Row, Table, Tone};
use crate::web::{Fields, Visit};
use crate::{clock, t, texts};

/// Days before its last day at which a file counts as about to expire.
const WARNING_DAYS: i32 = 30;

/// The dates that the form asks for, with their labels. A page may ask for others of its own beside them.
const DATES: [(&str, &str); 3] = [("file_from", "file-covers-from"), ("file_to", "file-covers-to"), ("file_expires", "file-expires-on")];

/// A file as people read of it.
pub(super) struct Drawn {
    pub(super) row: Model,
    pub(super) name: String,
    /// What of its thing it belongs to, in words.
    pub(super) belongs: Option<String>,
    by: String,
    when: String,
    today: Date,
    /// No newer version, of those to be seen, has taken its place.
    stands: bool,
}

impl Drawn {
    pub(super) fn new(cx: &Cx, row: Model, name: String, by: String, stands: bool) -> Self {
        let clock = &cx.core().clock;
        Self { when: clock.moment_text(row.at), today: clock.today(), row, name, belongs: None, by, stands }
    }

    pub(super) fn link(&self) -> Markup {
        html! { a .govuk-link .vs-break href={ "/files/" (self.row.id) } { (self.name) } }
    }

    /// "PDF document, 1.4 MB".
    pub(super) fn size(&self) -> String {
        super::size(&self.row)
    }

    fn marks(&self) -> Markup {
        html! {
            @if self.row.internal { " " (ui::tag(&t!("file-internal-tag"), Tone::Orange)) }
            @if let Some(held) = self.row.held() { " " (ui::tag(&held.says(), if held.is_open() { Tone::Orange } else { Tone::Grey })) }
            @if self.row.fixed_at.is_none() { " " (ui::tag(&t!("file-draft-tag"), Tone::Grey)) }
        }
    }

    fn covers(&self) -> String {
        match (day(self.row.covers_from.as_ref()), day(self.row.covers_to.as_ref())) {
            (Some(from), Some(to)) => t!("file-covers-both", from = clock::day_text(from), to = clock::day_text(to)),
            (Some(from), None) => t!("file-covers-since", from = clock::day_text(from)),
            (None, Some(to)) => t!("file-covers-until", to = clock::day_text(to)),
            (None, None) => t!("file-not-said"),
        }
    }

    fn expires(&self) -> Markup {
        let Some(end) = day(self.row.expires_on.as_ref()) else { return html! { (t!("file-not-said")) } };
        let soon = self.today.checked_add(jiff::Span::new().days(WARNING_DAYS)).is_ok_and(|soon| end <= soon);
        html! {
            (clock::day_text(end))
            @if self.stands {
                @if end < self.today { " " (ui::tag(&t!("file-expired"), Tone::Red)) }
                @else if soon { " " (ui::tag(&t!("file-expires-soon"), Tone::Yellow)) }
            }
        }
    }

    fn added(&self) -> String {
        t!("file-added", when = &self.when, by = &self.by)
    }
}

fn day(text: Option<&String>) -> Option<Date> {
    text.and_then(|t| t.parse().ok())
}

/// "1.4 MB": in steps of 1,000, as file managers count.
pub fn size_text(bytes: i64) -> String {
    let bytes = bytes.max(0) as f64;
    let (value, unit) = match bytes {
        b if b < 1_000.0 => return t!("file-size-bytes", count = b),
        b if b < 1_000_000.0 => (b / 1_000.0, "file-size-kb"),
        b => (b / 1_000_000.0, "file-size-mb"),
    };
    texts::say(unit, &std::iter::once(("value".to_owned(), format!("{value:.1}"))).collect())
}

/// Files as a table: a stack of rows on a telephone.
pub(super) fn table(caption: &str, files: &[Drawn]) -> Markup {
    let heads = [t!("file-head-name"), t!("file-head-version"), t!("file-head-covers"), t!("file-head-expires"), t!("file-head-added")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let rows: Vec<Row> = files
        .iter()
        .map(|one| {
            Row::new(vec![
                html! {
                    (one.link()) (one.marks()) br; span .govuk-hint .vs-inline { (one.size()) }
                    @if let Some(belongs) = &one.belongs { br; span .govuk-hint .vs-inline { (belongs) } }
                },
                html! { (one.row.number) },
                html! { (one.covers()) },
                one.expires(),
                html! { (one.added()) },
            ])
        })
        .collect();
    ui::table(&Table { caption, caption_shown: false, columns: &columns, stack: true }, &rows)
}

/// All that is known of one file.
pub(super) fn facts(one: &Drawn) -> Markup {
    let labels = ["kind", "covers", "expires", "added", "version", "handed-in", "scanned", "sha256", "belongs"]
        .map(|id| texts::t(&format!("file-fact-{id}")));
    let scanned = t!(if one.row.scanned { "file-scanned" } else { "file-not-scanned" });
    let handed = t!(if one.row.fixed_at.is_some() { "file-handed-in" } else { "file-not-handed-in" });
    let mut facts = vec![
        Fact::new(&labels[0], html! { (one.size()) (one.marks()) }),
        Fact::text(&labels[1], &one.covers()),
        Fact::new(&labels[2], one.expires()),
        Fact::text(&labels[3], &one.added()),
        Fact::text(&labels[4], &one.row.number.to_string()),
        Fact::text(&labels[5], &handed),
        Fact::text(&labels[6], &scanned),
    ];
    if let Some(belongs) = &one.belongs {
        facts.insert(1, Fact::text(&labels[8], belongs));
    }
    facts.push(Fact::new(&labels[7], html! { code .vs-break { (one.row.sha256) } }));
    ui::summary_list(&facts, true)
}

/// That a file is withheld, and why, with the way to whoever decides about it; nothing where it is not.
pub(super) fn held(file: &File, at: &Attached, settles: bool) -> Markup {
    let (Some(held), Some(screened)) = (file.row.held(), &at.subject.screened) else { return html! {} };
    let words = texts::t(&format!("file-held-{}-text", held.code()));
    ui::inset(html! {
        p .govuk-body { (words) }
        @if settles && file.row.superseded_by.is_none() && held != Held::Waiting { p .govuk-body { a .govuk-link href=(screened.href) { (t!("file-held-decide")) } } }
    })
}

/// The form that sends a file. Its button says the message `<button>-save`.
pub(super) fn form(visit: &Visit, action: &str, notes: bool, button: &str, typed: &Fields, errors: &FieldErrors) -> Result<Markup> {
    let words: ui::Words = &|id| texts::t(id);
    let once = visit.once()?;
    let form = ui::Form { action, csrf: &visit.csrf, once: Some(&once), files: true, ..ui::Form::default() };
    let say = |name: &str| errors.get(name).map(Text::say);
    let (label, hint) = (t!("file-choose"), t!("file-choose-hint", mib = visit.core().settings.limits.file_mib));
    let wrong = say("file");
    let accept = kind::accept();
    let dates = html! { @for (name, label) in DATES { (date_box(words, name, label, typed, errors)) } };
    let dated = DATES
        .iter()
        .any(|(n, _)| errors.get(n).is_some() || ["day", "month", "year"].iter().any(|part| typed.some(&format!("{n}.{part}")).is_some()));
    let internal = t!("file-internal");
    let check = Check { value: "yes", checked: typed.has("internal"), small: true };
    Ok(ui::form(
        words,
        &form,
        html! {
            (ui::file_input(words, &Field::new("file", &label).hint(Some(&hint)).error(wrong.as_deref()), Some(&accept), false))
            // Folded away, except for whoever has to mend them.
            @if dated { (dates) } @else { (ui::details(&t!("file-dates"), dates)) }
            @if notes { (ui::single_checkbox(words, &Field::new("internal", &internal), &check)) }
            (ui::button(&texts::t(&format!("{button}-save")), ButtonKind::Primary))
        },
    ))
}

fn date_box(words: ui::Words, name: &str, label: &str, typed: &Fields, errors: &FieldErrors) -> Markup {
    let (label, hint) = (texts::t(label), texts::t(&format!("{label}-hint")));
    let error = errors.get(name).map(Text::say);
    let parts = ["day", "month", "year"].map(|part| format!("{name}.{part}"));
    let field = Field::new(name, &label).hint(Some(&hint)).error(error.as_deref()).optional(true);
    ui::date_input(words, &field, [0, 1, 2].map(|n: usize| typed.get(&parts[n])))
}

/// A date posted in three boxes; none when all are empty, or when they hold none, which is noted.
pub(super) fn date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<Date> {
    fields.date(name).unwrap_or_else(|wrong| {
        errors.add(name, wrong);
        None
    })
}
